package dev.octet.quant;

import dev.octet.tensor.DType;

/**
 * How a real range becomes a scale and a zero point.
 *
 * @param qmin the integer that the lower end of the range maps to, at most 0
 * @param qmax the integer that the upper end of the range maps to, at least 0
 * @param symmetric whether the range is widened to [-max|x|, max|x|]; the zero point is then the middle of the limits
 * @param minRealRange ranges narrower than this are widened to it; 0 leaves every range as it is
 */
public record QuantScheme(DType dtype, int qmin, int qmax, boolean symmetric, float minRealRange) {
    /** Symmetric int8 in [-127, 127]: weights, and activations by default. */
    public static final QuantScheme SYMMETRIC_S8 = symmetric(DType.S8);

    /** Affine uint8. A range that starts at zero gets zero point 0 and all 255 steps. */
    public static final QuantScheme AFFINE_U8 = affine(DType.U8);

    public QuantScheme {
        if (qmin > 0 || qmax < 0 || qmin == qmax || qmin < dtype.minInteger() || qmax > dtype.maxInteger()) {
            throw new IllegalArgumentException(
                    "limits [" + qmin + ", " + qmax + "] do not enclose 0 within " + dtype.label());
        }
        if (!(minRealRange >= 0 && Float.isFinite(minRealRange))) {
            throw new IllegalArgumentException("minimum range " + minRealRange + " is not finite and >= 0");
        }
    }

    /** All values of an integer type of at most 16 bits; zero point free. */
    public static QuantScheme affine(DType dtype) {
        return new QuantScheme(dtype, (int) dtype.minInteger(), (int) dtype.maxInteger(), false, 0);
    }

    /**
     * Symmetric about zero: a signed type without its smallest value, zero point 0; all of an unsigned type, zero point
     * in the middle (128 for {@link DType#U8}).
     */
    public static QuantScheme symmetric(DType dtype) {
        int qmax = (int) dtype.maxInteger();
        return new QuantScheme(dtype, dtype.isSigned() ? -qmax : 0, qmax, true, 0);
    }

    /**
     * The same scheme on half of the integers, for kernels whose products would saturate 16 bits: s8 [-64, 64], u8 [0,
     * 127], and alike in the other types but 4-bit signed, which is [-4, 3] (ONNX Runtime's reduce_range).
     */
    public QuantScheme reducedRange() {
        int half = (int) (dtype.maxInteger() + 1) / 2;
        int top = dtype.isSigned() && dtype != DType.S4 ? half : half - 1;
        return new QuantScheme(dtype, dtype.isSigned() ? -half : 0, top, symmetric, minRealRange);
    }

    /** The same scheme with ranges widened to at least {@code minimum}. */
    public QuantScheme withMinimumRange(float minimum) {
        return new QuantScheme(dtype, qmin, qmax, symmetric, minimum);
    }

    /**
     * The parameters for a range, which is first widened to hold zero. The arithmetic is that of ONNX Runtime's
     * compute_scale_zp (1.30): the range's width is an fp32 difference, {@code scale = width / (qmax - qmin)} in fp64
     * rounded to fp32, {@code zeroPoint = rint(qmin - rmin / scale)} with the fp64 scale, ties to even. A scale below the
     * smallest normal float becomes 1 with zero point 0.
     */
    public QuantParams.PerTensor fromRange(QuantRange range) {
        float rmin = Math.min(range.amin(), 0);
        float rmax = Math.max(range.amax(), 0);
        if (minRealRange > 0) {
            rmax = Math.max(rmax, rmin + minRealRange);
        }
        if (symmetric) {
            rmax = Math.max(-rmin, rmax);
            rmin = -rmax;
        }
        float width = rmax - rmin;
        double exactWidth = Float.isFinite(width) ? width : (double) rmax - rmin;
        double scale = exactWidth / ((double) qmax - qmin);
        if (scale < Float.MIN_NORMAL) {
            return new QuantParams.PerTensor(dtype, 1, 0);
        }
        double zeroPoint = symmetric ? (qmin + qmax) / 2.0 : qmin - rmin / scale;
        return new QuantParams.PerTensor(dtype, (float) scale, (int) Math.rint(zeroPoint));
    }
}
