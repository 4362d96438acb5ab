package dev.octet.quant;

import dev.octet.tensor.Tensor;
import java.util.Arrays;

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
        Partition partition = Partition.of(w.shape(), granularity);
        QuantRange[] ranges = ranges(w, partition);
        QuantParams.PerTensor[] chosen = new QuantParams.PerTensor[ranges.length];
        Arrays.setAll(chosen, i -> scheme.fromRange(ranges[i]));
        if (method == Method.MSE) {
            chosen = ClipSearch.params(w, partition, scheme, ranges);
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

    private static QuantRange[] ranges(Tensor w, Partition partition) {
        float[] amin = new float[partition.count()];
        float[] amax = new float[partition.count()];
        partition.forEachRun((index, first, length) -> {
            for (long i = first; i < first + length; i++) {
                float value = w.getFloat(i);
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("element " + i + " of " + w + " is " + value);
                }
                amin[index] = Math.min(amin[index], value);
                amax[index] = Math.max(amax[index], value);
            }
        });
        QuantRange[] ranges = new QuantRange[amin.length];
        Arrays.setAll(ranges, i -> new QuantRange(amin[i], amax[i]));
        return ranges;
    }
}
