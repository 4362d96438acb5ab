package dev.octet.tensor;

/**
 * Floats of 8 and 4 bits and bfloat16: bits to value and back, rounding to nearest even. Formats: OCP 8-bit Floating
 * Point 1.0 (E4M3FN, E5M2), OCP Microscaling 1.0 (E2M1, E8M0) and the FNUZ variants of arXiv 2206.02915; conversion
 * rules: ONNX Cast, opset 23.
 */
public final class SmallFloat {
    /** How a number becomes a power of two (ONNX Cast's {@code round_mode}). */
    public enum PowerRounding {
        UP,
        DOWN,
        /** To the nearer power, the larger one at a tie. */
        NEAREST
    }

    private record Format(int exponentBits, int mantissaBits, int bias, boolean negativeZeroIsNan, boolean infinities) {
        int maxFiniteCode() {
            int all = (1 << (exponentBits + mantissaBits)) - 1;
            if (negativeZeroIsNan || exponentBits == 2) {
                return all;
            }
            return infinities ? all - (1 << mantissaBits) : all - 1;
        }
    }

    private static final Format E4M3FN = new Format(4, 3, 7, false, false);
    private static final Format E4M3FNUZ = new Format(4, 3, 8, true, false);
    private static final Format E5M2 = new Format(5, 2, 15, false, true);
    private static final Format E5M2FNUZ = new Format(5, 2, 16, true, false);
    private static final Format E2M1 = new Format(2, 1, 1, false, false);

    private static final int E8M0_NAN = 0xFF;
    private static final int E8M0_BIAS = 127;

    private SmallFloat() {}

    private static Format format(DType dtype) {
        return switch (dtype) {
            case F8E4M3FN -> E4M3FN;
            case F8E4M3FNUZ -> E4M3FNUZ;
            case F8E5M2 -> E5M2;
            case F8E5M2FNUZ -> E5M2FNUZ;
            case F4E2M1 -> E2M1;
            default -> throw new IllegalArgumentException(dtype.label() + " is not a float of 8 or 4 bits");
        };
    }

    /** The value of the low bits of {@code code}. */
    public static float decode(DType dtype, int code) {
        if (dtype == DType.F8E8M0) {
            return code == E8M0_NAN ? Float.NaN : Math.scalb(1f, code - E8M0_BIAS);
        }
        Format format = format(dtype);
        int signBit = 1 << (format.exponentBits + format.mantissaBits);
        int magnitude = code & (signBit - 1);
        boolean negative = (code & signBit) != 0;
        if (format.negativeZeroIsNan && negative && magnitude == 0) {
            return Float.NaN;
        }
        if (magnitude > format.maxFiniteCode()) {
            boolean infinite = format.infinities && magnitude == format.maxFiniteCode() + 1;
            float special = infinite ? Float.POSITIVE_INFINITY : Float.NaN;
            return negative ? -special : special;
        }
        float value = magnitude(format, magnitude);
        return negative ? -value : value;
    }

    private static float magnitude(Format format, int code) {
        int exponent = code >> format.mantissaBits;
        int mantissa = code & ((1 << format.mantissaBits) - 1);
        int implicit = exponent == 0 ? 0 : 1 << format.mantissaBits;
        return Math.scalb((float) (implicit + mantissa), Math.max(exponent, 1) - format.bias - format.mantissaBits);
    }

    /**
     * The nearest code, ties to even. Where the value is too large, {@code saturate} gives the largest finite one;
     * otherwise infinity if the format has it, else NaN. {@link DType#F4E2M1} has neither: it always saturates, and NaN
     * becomes -0. {@link DType#F8E8M0} rounds up.
     */
    public static int encode(DType dtype, float value, boolean saturate) {
        if (dtype == DType.F8E8M0) {
            return encodePower(value, saturate, PowerRounding.UP);
        }
        Format format = format(dtype);
        int signBit = 1 << (format.exponentBits + format.mantissaBits);
        int sign = Float.floatToRawIntBits(value) < 0 ? signBit : 0;
        int max = format.maxFiniteCode();
        if (Float.isNaN(value)) {
            return nanCode(format, sign, signBit);
        }
        float size = Math.abs(value);
        int code = nearest(format, size, max);
        if (code > max) {
            if (saturate || format == E2M1) {
                code = max;
            } else {
                return format.infinities ? sign | (max + 1) : nanCode(format, sign, signBit);
            }
        }
        return code == 0 && format.negativeZeroIsNan ? 0 : sign | code;
    }

    private static int nanCode(Format format, int sign, int signBit) {
        if (format == E2M1) {
            return signBit;
        }
        return format.negativeZeroIsNan ? signBit : sign | (signBit - 1);
    }

    private static int nearest(Format format, float size, int max) {
        int low = 0;
        int high = max + 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (magnitude(format, middle) <= size) {
                low = middle;
            } else {
                high = middle;
            }
        }
        if (Float.isInfinite(size)) {
            return max + 1;
        }
        double below = size - (double) magnitude(format, low);
        double above = (double) magnitude(format, low + 1) - size;
        if (below == above) {
            return (low & 1) == 0 ? low : low + 1;
        }
        return below < above ? low : low + 1;
    }

    /**
     * The code of {@link DType#F8E8M0}, a power of two, for the size of a number; its sign is lost. Where the size is
     * zero, too small or too large, {@code saturate} gives the smallest or largest power, otherwise NaN.
     */
    public static int encodePower(float value, boolean saturate, PowerRounding rounding) {
        if (Float.isNaN(value)) {
            return E8M0_NAN;
        }
        double size = Math.abs((double) value);
        int exponent = Math.getExponent(size);
        double fraction = Math.scalb(size, -exponent);
        boolean up = switch (rounding) {
            case UP -> fraction > 1;
            case DOWN -> false;
            case NEAREST -> fraction >= 1.5;
        };
        int rounded = up ? exponent + 1 : exponent;
        if (rounded < -E8M0_BIAS || rounded > E8M0_BIAS) {
            return saturate ? (rounded < 0 ? 0 : E8M0_NAN - 1) : E8M0_NAN;
        }
        return rounded + E8M0_BIAS;
    }

    /**
     * Rounds to fp32 such that rounding the result to at most 22 bits of mantissa is rounding {@code value} once: what
     * is not exact gets an odd last bit (Boldo and Melquiond, Emulation of FMA and correctly rounded sums, 2008).
     */
    public static float roundToOdd(double value) {
        float nearest = (float) value;
        if (nearest == value || Double.isNaN(value) || (Float.floatToRawIntBits(nearest) & 1) != 0) {
            return nearest;
        }
        if (Float.isInfinite(nearest)) {
            return Math.copySign(Float.MAX_VALUE, nearest);
        }
        return nearest < value ? Math.nextUp(nearest) : Math.nextDown(nearest);
    }

    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
