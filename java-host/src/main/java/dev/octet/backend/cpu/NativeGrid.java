package dev.octet.backend.cpu;

import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** {@code octet_grid}: whether a native kernel stores floats as they are or quantizes them. */
final class NativeGrid {
    static final int SIZE_BYTES = 2 * Long.BYTES + 2 * Float.BYTES;

    private NativeGrid() {}

    /** Writes the fields; no parameters mean floats. */
    static NativeStruct write(NativeStruct struct, Optional<QuantParams.PerTensor> to) {
        long kind = IntegerProduct.kind(to.map(QuantParams.PerTensor::dtype).orElse(DType.F32));
        return struct.longs(kind, to.map(QuantParams.PerTensor::zeroPoint).orElse(0))
                .floats(to.map(QuantParams.PerTensor::scale).orElse(1f), 0);
    }

    /** The structure by itself. */
    static MemorySegment struct(Optional<QuantParams.PerTensor> to, Arena arena) {
        return write(new NativeStruct(arena, SIZE_BYTES), to).done();
    }

    /** Bytes of one stored element. */
    static int elementBytes(Optional<QuantParams.PerTensor> to) {
        return to.isPresent() ? 1 : Float.BYTES;
    }
}
