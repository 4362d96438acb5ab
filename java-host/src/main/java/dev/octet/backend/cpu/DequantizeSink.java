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
        float[] scales = epilogue.scales();
        int first = scales.length == 1 ? 0 : channel;
        int step = scales.length == 1 ? 0 : channelStep;
        RequantizeSink.addBias(sums, width, bias, channel, channelStep);
        for (int j = 0; j < width; j++) {
            float value = (float) sums[j] * scales[first + j * step];
            values[j] = Math.min(Math.max(value, epilogue.min()), epilogue.max());
        }
        MemorySegment.copy(values, 0, out, Tensor.F32_LAYOUT, outIndex * 4, width);
    }
}
