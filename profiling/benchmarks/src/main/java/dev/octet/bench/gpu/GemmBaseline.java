package dev.octet.bench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Somebody else's s8 x s8 to s32 product, {@code d[n][m] = x[n][k] * w[m][k]^T}, on the default stream. */
interface GemmBaseline {
    /** The part of the report. */
    String name();

    /**
     * Opens the library in the current context.
     *
     * @throws IllegalStateException if it is missing or refuses, saying what it needs
     */
    Call open();

    /** An opened library. */
    interface Call extends AutoCloseable {
        /** Enqueues the product of three cubes of this size. */
        void enqueue(int size, MemorySegment x, MemorySegment w, MemorySegment d);

        @Override
        void close();
    }

    /** What one size took. */
    record Entry(int size, double tops, DeviceClock.Timing timing) {}

    /** Measures all cubes. */
    static List<Entry> run(GemmBaseline baseline, Gpu gpu, BenchSizes sizes) {
        try (Call call = baseline.open()) {
            return sizes.cubes().stream().map(size -> measure(call, gpu, size)).toList();
        }
    }

    private static Entry measure(Call call, Gpu gpu, int size) {
        long square = (long) size * size;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = gpu.randomBytes(square, 1, arena);
            MemorySegment w = gpu.randomBytes(square, 2, arena);
            MemorySegment d = gpu.room(square * Integer.BYTES, arena);
            DeviceClock.Timing timing = DeviceClock.time(() -> call.enqueue(size, x, w, d));
            return new Entry(size, 2.0 * size * square / timing.medianNanos() / 1000, timing);
        }
    }
}
