package dev.octet.quant;

import dev.octet.tensor.Tensor;

/** Quantizes constant tensors, for which every value is known. */
public final class Weights {
    /** How the range of each group of weights is chosen. */
    public enum Method {
        /** The exact minimum and maximum: nothing is clipped. */
        MAX,
        /** The share of that range with the least sum of squared errors. */
        MSE
    }

    private Weights() {}

    /**
     * Symmetric int8 in [-127, 127] over the exact range.
     *
     * @param w any float type, any shape; every element finite
     */
    public static QuantizedTensor quantize(Tensor w, Granularity granularity) {
        return quantize(w, granularity, QuantScheme.SYMMETRIC_S8, Method.MAX);
    }

    /**
     * Quantizes each group of weights over its own range. A group of zeros has scale 1.
     *
     * @param w any float type, any shape
     * @throws IllegalArgumentException if an element is NaN or infinite, or the granularity does not fit the shape
     */
    public static QuantizedTensor quantize(Tensor w, Granularity granularity, QuantScheme scheme, Method method) {
        QuantParams params = params(w, granularity, scheme, method);
        return new QuantizedTensor(Quantizer.quantize(w, params, scheme.qmin(), scheme.qmax()), params);
    }

    /** The scales and zero points that {@link #quantize(Tensor, Granularity, QuantScheme, Method)} uses. */
    public static QuantParams params(Tensor w, Granularity granularity, QuantScheme scheme, Method method) {
        float[][] groups = Partition.of(w.shape(), granularity).gather(w);
        QuantParams.PerTensor[] chosen = new QuantParams.PerTensor[groups.length];
        for (int i = 0; i < groups.length; i++) {
            QuantRange range = range(groups[i], w);
            chosen[i] = switch (method) {
                case MAX -> scheme.fromRange(range);
                case MSE -> ClipSearch.params(groups[i], scheme, range);
            };
        }
        return pack(w, granularity, scheme, chosen);
    }

    private static QuantParams pack(
            Tensor w, Granularity granularity, QuantScheme scheme, QuantParams.PerTensor[] chosen) {
        float[] scales = new float[chosen.length];
        int[] zeroPoints = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            scales[i] = chosen[i].scale();
            zeroPoints[i] = chosen[i].zeroPoint();
        }
        return switch (granularity) {
            case Granularity.PerTensor() -> chosen[0];
            case Granularity.PerAxis(int axis) ->
                new QuantParams.PerAxis(scheme.dtype(), w.shape().axis(axis), scales, zeroPoints);
            case Granularity.PerBlock(int axis, int blockSize) ->
                w.shape().rank() == 0
                        ? chosen[0]
                        : new QuantParams.PerBlock(scheme.dtype(), w.shape().axis(axis), blockSize, scales, zeroPoints);
        };
    }

    private static QuantRange range(float[] group, Tensor w) {
        float amin = 0;
        float amax = 0;
        for (float value : group) {
            amin = Math.min(amin, value);
            amax = Math.max(amax, value);
        }
        if (!(Float.isFinite(amin) && Float.isFinite(amax))) {
            throw notFinite(w);
        }
        return new QuantRange(amin, amax);
    }

    private static IllegalArgumentException notFinite(Tensor w) {
        long i = 0;
        while (Float.isFinite(w.getFloat(i))) {
            i++;
        }
        return new IllegalArgumentException("element " + i + " of " + w + " is " + w.getFloat(i));
    }
}
