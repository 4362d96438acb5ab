package dev.octet.calib;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/**
 * The mean of each channel of a value over many samples. Each sample's mean is rounded to a grid of the value's limit
 * times 2^-40 and added as an integer, so that the result does not depend on the order of the samples. Not thread-safe.
 */
public final class ChannelMeans {
    private static final int FRACTION_BITS = 40;

    private final int axis;
    private final double step;
    private long[] sums = new long[0];
    private long samples;

    /**
     * @param axis of the channels; a negative one counts from the end
     * @param limit the largest magnitude that occurs
     */
    public ChannelMeans(int axis, float limit) {
        this.axis = axis;
        this.step = limit == 0 ? 1 : Math.scalb(1.0, Math.getExponent(limit) + 1 - FRACTION_BITS);
    }

    /** Takes in one sample; its mean is summed in fp64 in row-major order. */
    public void add(Tensor tensor) {
        Shape shape = tensor.shape();
        if (shape.rank() < 2 || shape.elementCount() == 0) {
            return;
        }
        int channelAxis = shape.axis(axis);
        int channels = Math.toIntExact(shape.dim(channelAxis));
        long inner = shape.product(channelAxis + 1, shape.rank());
        double[] totals = new double[channels];
        long[] next = {0};
        FloatChunks.forEach(tensor, (values, length) -> {
            for (int i = 0; i < length; i++) {
                totals[(int) (next[0]++ / inner % channels)] += values[i];
            }
        });
        if (sums.length != channels) {
            sums = new long[channels];
        }
        double perChannel = (double) shape.elementCount() / channels;
        for (int c = 0; c < channels; c++) {
            sums[c] = Math.addExact(sums[c], Math.round(totals[c] / perChannel / step));
        }
        samples++;
    }

    /** One mean a channel; empty if the value has no channels. */
    public float[] means() {
        float[] means = new float[sums.length];
        for (int c = 0; c < means.length; c++) {
            means[c] = (float) (sums[c] * step / samples);
        }
        return means;
    }
}
