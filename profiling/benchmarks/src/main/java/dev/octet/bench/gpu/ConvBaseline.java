package dev.octet.bench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Somebody else's convolution of 3 x 3 with padding 1, as many channels out as in, NHWC, on the default stream. */
interface ConvBaseline {
    /** The part of the report. */
    String name();

    /** What is computed with. */
    enum Precision {
        INT8(1),
        FP16(2),
        FP32(4);

        private final int bytes;

        Precision(int bytes) {
            this.bytes = bytes;
        }

        /** Values as data have them: zeros, infinities and the like could run faster or slower. */
        MemorySegment random(int count, long seed) {
            Random random = new Random(seed);
            byte[] values = new byte[count * bytes];
            random.nextBytes(values);
            MemorySegment segment = MemorySegment.ofArray(values);
            for (int i = 0; i < count; i++) {
                float real = random.nextFloat() * 2 - 1;
                switch (this) {
                    case INT8 -> {}
                    case FP16 -> segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, Float.floatToFloat16(real));
                    case FP32 -> segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, real);
                }
            }
            return segment;
        }
    }

    Precision precision();

    /**
     * Opens the library in the current context and describes the convolution to it.
     *
     * @throws IllegalStateException if it is missing or refuses, saying what it needs
     */
    Call open(Size size);

    /** An image and its channels. */
    record Size(int batch, int extent, int channels) {
        int elements() {
            return batch * extent * extent * channels;
        }
    }

    /** A convolution made ready. */
    interface Call extends AutoCloseable {
        long workspaceBytes();

        void enqueue(MemorySegment x, MemorySegment w, MemorySegment y, MemorySegment workspace);

        @Override
        void close();
    }

    /** What one size took. */
    record Entry(Size size, double tops, DeviceClock.Timing timing) {}

    /** Measures one convolution of a residual network. */
    static Entry run(ConvBaseline baseline, Gpu gpu, BenchSizes sizes) {
        Size size = sizes.equals(BenchSizes.QUICK) ? new Size(1, 8, 32) : new Size(32, 56, 64);
        int bytes = baseline.precision().bytes;
        int weights = 9 * size.channels * size.channels;
        try (Arena arena = Arena.ofShared();
                Call call = baseline.open(size)) {
            MemorySegment x = gpu.device().upload(baseline.precision().random(size.elements(), 3), arena);
            MemorySegment w = gpu.device().upload(baseline.precision().random(weights, 4), arena);
            MemorySegment y = gpu.room((long) size.elements() * bytes, arena);
            MemorySegment workspace = gpu.room(call.workspaceBytes(), arena);
            DeviceClock.Timing timing = DeviceClock.time(() -> call.enqueue(x, w, y, workspace));
            double operations = 2.0 * size.batch * size.extent * size.extent * weights;
            return new Entry(size, operations / timing.medianNanos() / 1000, timing);
        }
    }
}
