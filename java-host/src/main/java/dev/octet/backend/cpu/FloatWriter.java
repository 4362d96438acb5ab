package dev.octet.backend.cpu;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Writes floats as elements of one type, rounding to nearest even. */
interface FloatWriter {
    /** Writes {@code count} neighbours at {@code index} from {@code values[from ...]}. */
    void write(float[] values, int from, long index, int count);

    /** The writer into a tensor. */
    static FloatWriter of(Tensor tensor) {
        MemorySegment data = tensor.data();
        if (tensor.dtype() == DType.F32) {
            return (values, from, index, count) ->
                    MemorySegment.copy(values, from, data, Tensor.F32_LAYOUT, index * 4, count);
        }
        return (values, from, index, count) -> {
            for (int i = 0; i < count; i++) {
                tensor.setFloat(index + i, values[from + i]);
            }
        };
    }
}
