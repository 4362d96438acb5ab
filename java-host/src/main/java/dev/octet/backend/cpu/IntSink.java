package dev.octet.backend.cpu;

import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Stores integer sums as int32. */
record IntSink(MemorySegment out) implements RowSink {
    @Override
    public void store(RowAccumulator row, long outIndex, int channel, int channelStep) {
        MemorySegment.copy(row.integers(), 0, out, Tensor.S32_LAYOUT, outIndex * 4, row.width());
    }
}
