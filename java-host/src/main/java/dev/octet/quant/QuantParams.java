package dev.octet.quant;

import dev.octet.tensor.DType;

/** Scales and zero points of a quantized tensor: {@code real = scale * (q - zeroPoint)}. */
public sealed interface QuantParams {
    /** The integer type of the quantized values. */
    DType dtype();

    /** One scale for the whole tensor. */
    record PerTensor(DType dtype, float scale, int zeroPoint) implements QuantParams {
        public PerTensor {
            requireScale(scale);
            requireZeroPoint(dtype, zeroPoint);
        }
    }

    /** One scale for each slice along an axis: rows, columns, channels and tokens are axes. */
    record PerAxis(DType dtype, int axis, float[] scales, int[] zeroPoints) implements QuantParams {
        public PerAxis {
            scales = scales.clone();
            zeroPoints = zeroPoints.clone();
            requireAll(dtype, scales, zeroPoints);
        }
    }

    /**
     * One scale for each run of {@code blockSize} elements along an axis.
     *
     * @param scales row-major over the tensor's shape with the axis' extent divided by {@code blockSize}, rounded up
     */
    record PerBlock(DType dtype, int axis, int blockSize, float[] scales, int[] zeroPoints) implements QuantParams {
        public PerBlock {
            scales = scales.clone();
            zeroPoints = zeroPoints.clone();
            requireAll(dtype, scales, zeroPoints);
            if (blockSize < 1) {
                throw new IllegalArgumentException("block size " + blockSize + " is not positive");
            }
        }
    }

    private static void requireAll(DType dtype, float[] scales, int[] zeroPoints) {
        if (scales.length != zeroPoints.length) {
            throw new IllegalArgumentException(scales.length + " scales but " + zeroPoints.length + " zero points");
        }
        for (int i = 0; i < scales.length; i++) {
            requireScale(scales[i]);
            requireZeroPoint(dtype, zeroPoints[i]);
        }
    }

    private static void requireScale(float scale) {
        if (!(scale > 0 && Float.isFinite(scale))) {
            throw new IllegalArgumentException("scale " + scale + " is not positive and finite");
        }
    }

    private static void requireZeroPoint(DType dtype, int zeroPoint) {
        if (zeroPoint < dtype.minInteger() || zeroPoint > dtype.maxInteger()) {
            throw new IllegalArgumentException("zero point " + zeroPoint + " does not fit " + dtype.label());
        }
    }
}
