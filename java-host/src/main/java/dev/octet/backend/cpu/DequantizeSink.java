package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Ends an integer product in fp32: {@code clamp(float(sum) * scale, min, max)}.
 *
 * @param bias s32, one entry a channel, or none
 */
record DequantizeSink(MemorySegment out, Epilogue.ToFloat epilogue, int[] bias) implements RowSink {
    @Override
    public void store(RowAccumulator row, long outIndex, int channel, int channelStep) {
        int[] sums = row.integers();
        int width = row.width();
        float[] values = row.floats();
        RequantizeSink.addBias(row, sums, bias, channel, channelStep);
        float[] scales = row.spread(epilogue.scales(), channel, channelStep);
        for (int j = 0; j < width; j++) {
            values[j] = Math.min(Math.max((float) sums[j] * scales[j], epilogue.min()), epilogue.max());
        }
        MemorySegment.copy(values, 0, out, Tensor.F32_LAYOUT, outIndex * 4, width);
    }
}
