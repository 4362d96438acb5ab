package dev.octet.calib;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Walks a tensor's elements through a small array, over which loops vectorize. */
final class FloatChunks {
    private static final int CHUNK = 8192;

    /** Receives the first {@code length} elements of {@code values}, which is reused. */
    @FunctionalInterface
    interface Visitor {
        void visit(float[] values, int length);
    }

    private FloatChunks() {}

    static void forEach(Tensor tensor, Visitor visitor) {
        long count = tensor.elementCount();
        float[] chunk = new float[(int) Math.min(count, CHUNK)];
        for (long first = 0; first < count; first += CHUNK) {
            int length = (int) Math.min(CHUNK, count - first);
            if (tensor.dtype() == DType.F32) {
                MemorySegment.copy(tensor.data(), Tensor.F32_LAYOUT, first * Float.BYTES, chunk, 0, length);
            } else {
                for (int i = 0; i < length; i++) {
                    chunk[i] = tensor.getFloat(first + i);
                }
            }
            visitor.visit(chunk, length);
        }
    }
}
