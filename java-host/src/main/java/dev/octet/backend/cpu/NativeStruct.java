package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Writes a structure of {@code octet_kernels.h} field by field: 64-bit integers and addresses, then floats. */
final class NativeStruct {
    private final MemorySegment memory;
    private long offset;

    /** Starts a structure of at most {@code sizeBytes}. */
    NativeStruct(Arena arena, long sizeBytes) {
        this.memory = arena.allocate(sizeBytes, 8);
    }

    NativeStruct longs(long... values) {
        for (long value : values) {
            memory.set(JAVA_LONG, offset, value);
            offset += Long.BYTES;
        }
        return this;
    }

    NativeStruct address(MemorySegment segment) {
        return longs(segment.address());
    }

    NativeStruct floats(float... values) {
        for (float value : values) {
            memory.set(JAVA_FLOAT, offset, value);
            offset += Float.BYTES;
        }
        return this;
    }

    MemorySegment done() {
        return memory;
    }
}
