package dev.octet.quant;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;

/**
 * The quantization formulas, each written once with the order of its float operations. All multiplications and additions
 * are single fp32 operations rounded to nearest: no fused multiply-add, no reciprocal.
 */
public final class Quantizer {
    /** The most products of two 8-bit values (at most 255 * 128 each) that an int32 can add up: 65,793. */
    public static final int MAX_K_U8S8 = Integer.MAX_VALUE / (255 * 128);

    /** Likewise with zero points on both sides, where each factor can be as large as 255: 33,025. */
    public static final int MAX_K_U8U8 = Integer.MAX_VALUE / (255 * 255);

    private Quantizer() {}

    /**
     * ONNX QuantizeLinear (opset 21): {@code clamp(rint(x / scale) + zeroPoint, qmin, qmax)}, ties to even. NaN gives
     * {@code zeroPoint}.
     */
    public static int quantize(float x, float scale, int zeroPoint, int qmin, int qmax) {
        return saturate((float) Math.rint(x / scale), zeroPoint, qmin, qmax);
    }

    /** ONNX DequantizeLinear: {@code (q - zeroPoint) * scale}. */
    public static float dequantize(int q, float scale, int zeroPoint) {
        return (float) (q - zeroPoint) * scale;
    }

    /** The multiplier of {@link #requantize}: {@code (inputScale * weightScale) / outputScale} in fp32. */
    public static float multiplier(float inputScale, float weightScale, float outputScale) {
        return (inputScale * weightScale) / outputScale;
    }

    /** An accumulator to an output step: {@code clamp(rint(float(acc) * multiplier) + zeroPoint, qmin, qmax)}. */
    public static int requantize(int acc, float multiplier, int zeroPoint, int qmin, int qmax) {
        return saturate((float) Math.rint((float) acc * multiplier), zeroPoint, qmin, qmax);
    }

    /**
     * An accumulator plus a quantized residual r:
     * {@code clamp(rint(float(acc) * multiplier + float(r - residualZero) * residualMultiplier) + zeroPoint, qmin, qmax)}
     * with {@code residualMultiplier = residualScale / outputScale}.
     */
    public static int requantizeAdd(
            int acc, float multiplier, int residual, float residualMultiplier, int zeroPoint, int qmin, int qmax) {
        float sum = (float) acc * multiplier + (float) residual * residualMultiplier;
        return saturate((float) Math.rint(sum), zeroPoint, qmin, qmax);
    }

    /**
     * Quantizes every element to the full range of the parameters' type.
     *
     * @param x any float type, any shape
     * @return a new tensor of type {@code params.dtype()} and {@code x}'s shape
     * @throws IllegalArgumentException if axis or number of scales does not fit {@code x}
     */
    public static Tensor quantize(Tensor x, QuantParams params) {
        DType dtype = params.dtype();
        return quantize(x, params, Math.toIntExact(dtype.minInteger()), Math.toIntExact(dtype.maxInteger()));
    }

    /** Like {@link #quantize(Tensor, QuantParams)}, saturating to narrower limits. */
    public static Tensor quantize(Tensor x, QuantParams params, int qmin, int qmax) {
        Tensor q = Tensor.allocate(params.dtype(), x.shape());
        ScaleTable table = ScaleTable.of(params);
        Partition.of(x.shape(), params).forEachRun((index, first, length) -> {
            float scale = table.scale(index);
            int zeroPoint = table.zeroPoint(index);
            for (long i = first; i < first + length; i++) {
                q.setLong(i, quantize(x.getFloat(i), scale, zeroPoint, qmin, qmax));
            }
        });
        return q;
    }

    /**
     * The real values of a quantized tensor.
     *
     * @param q of type {@code params.dtype()}
     * @return a new f32 tensor of {@code q}'s shape
     * @throws IllegalArgumentException if type, axis or number of scales does not fit {@code q}
     */
    public static Tensor dequantize(Tensor q, QuantParams params) {
        if (q.dtype() != params.dtype()) {
            throw new IllegalArgumentException(
                    q + " does not have the type " + params.dtype().label());
        }
        Tensor x = Tensor.allocate(DType.F32, q.shape());
        ScaleTable table = ScaleTable.of(params);
        Partition.of(q.shape(), params).forEachRun((index, first, length) -> {
            float scale = table.scale(index);
            int zeroPoint = table.zeroPoint(index);
            for (long i = first; i < first + length; i++) {
                x.setFloat(i, dequantize((int) q.getLong(i), scale, zeroPoint));
            }
        });
        return x;
    }

    /** What is left of {@code x} after {@link #quantize} and {@link #dequantize}: f32. */
    public static Tensor fakeQuantize(Tensor x, QuantParams params) {
        return dequantize(quantize(x, params), params);
    }

    private static int saturate(float rounded, int zeroPoint, int qmin, int qmax) {
        // The cast saturates at the limits of int and maps NaN to 0; adding in long cannot wrap.
        int steps = (int) rounded;
        return Math.clamp((long) steps + zeroPoint, qmin, qmax);
    }
}
