package dev.octet.backend.cpu;

import dev.octet.tensor.Tensor;
import java.util.Optional;

/**
 * Ends a float product: {@code clamp(sum + bias + residual, min, max)}, added in this order, NaN kept.
 *
 * @param bias one entry a channel, or none
 * @param residual of the output's shape
 */
record FloatSink(FloatWriter writer, float[] bias, Optional<Residual> residual, float min, float max)
        implements RowSink {
    record Residual(Tensor tensor, FloatReader reader) {}

    /** Stores sums as they are but for the bias. */
    static FloatSink of(Tensor output, float[] bias) {
        return new FloatSink(
                FloatWriter.of(output), bias, Optional.empty(), Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    @Override
    public void store(RowAccumulator row, long outIndex, int channel, int channelStep) {
        float[] sums = row.floats();
        int width = row.width();
        if (bias.length > 0) {
            float[] added = row.spread(bias, channel, channelStep);
            for (int j = 0; j < width; j++) {
                sums[j] += added[j];
            }
        }
        residual.ifPresent(added -> add(added, sums, outIndex, width));
        if (min > Float.NEGATIVE_INFINITY || max < Float.POSITIVE_INFINITY) {
            for (int j = 0; j < width; j++) {
                sums[j] = Math.min(Math.max(sums[j], min), max);
            }
        }
        writer.write(sums, 0, outIndex, width);
    }

    private static void add(Residual residual, float[] sums, long outIndex, int width) {
        float[] values = new float[width];
        residual.reader().read(residual.tensor().data(), outIndex, values, 0, width);
        for (int j = 0; j < width; j++) {
            sums[j] += values[j];
        }
    }
}
