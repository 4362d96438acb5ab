package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.tensor.ConfigException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What this processor can reach at most, measured now: the best of several short runs of code that only computes in
 * registers, or only copies memory. Takes about half a second.
 *
 * @param threads that ran at the same time; the rates are their sum
 * @param instructionSet of the kernels measured, the best this processor has
 * @param int8Gops exact int8 products summed in int32: multiplications and additions, in 10^9 a second
 * @param fp32Gflops multiplications and additions, in 10^9 a second
 * @param copyGBs bytes read plus bytes written, in 10^9 a second, copying 32 MiB a thread
 */
public record CpuPeaks(int threads, String instructionSet, double int8Gops, double fp32Gflops, double copyGBs) {
    private static final int TURNS = 7;
    private static final long ROUNDS = 5_000_000;
    private static final long COPY_BYTES = 32L << 20;

    /**
     * Measures.
     *
     * @throws IllegalArgumentException if {@code threads} is not positive
     * @throws ConfigException if there are no native kernels for this machine
     */
    public static CpuPeaks measure(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("a measurement on " + threads + " threads");
        }
        try {
            NativeLibrary library = NativeLibrary.load(Optional.empty());
            FunctionDescriptor descriptor = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS);
            MethodHandle int8 = library.handle("octet_peak_int8", descriptor);
            MethodHandle fp32 = library.handle("octet_peak_fp32", descriptor);
            return new CpuPeaks(
                    threads,
                    library.set().label(),
                    best(threads, _ -> compute(int8)),
                    best(threads, _ -> compute(fp32)),
                    copyRate(threads));
        } catch (NativeLoadException e) {
            throw new ConfigException("the processor's peak cannot be measured: " + e.getMessage(), e);
        }
    }

    private static long compute(MethodHandle peak) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment operations = arena.allocate(JAVA_LONG);
            NativeLibrary.call("octet_peak", () -> (int) peak.invokeExact(ROUNDS, operations));
            return operations.get(JAVA_LONG, 0);
        }
    }

    private static double copyRate(int threads) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = arena.allocate(threads * COPY_BYTES);
            MemorySegment to = arena.allocate(threads * COPY_BYTES);
            return best(threads, thread -> {
                MemorySegment.copy(from, thread * COPY_BYTES, to, thread * COPY_BYTES, COPY_BYTES);
                return 2 * COPY_BYTES;
            });
        }
    }

    /** Work units in 10^9 a second, in the best turn; a turn lasts from its first thread's start to its last one's end. */
    private static double best(int threads, LongUnaryOperator work) {
        double best = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            best = Math.max(best, turn(threads, work));
        }
        return best;
    }

    private static double turn(int threads, LongUnaryOperator work) {
        long[] starts = new long[threads];
        long[] ends = new long[threads];
        long[] units = new long[threads];
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread[] running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int thread = i;
            running[i] = Thread.ofPlatform()
                    .daemon()
                    .uncaughtExceptionHandler((_, e) -> failure.set(e))
                    .start(() -> {
                        starts[thread] = System.nanoTime();
                        units[thread] = work.applyAsLong(thread);
                        ends[thread] = System.nanoTime();
                    });
        }
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long done = 0;
        for (int i = 0; i < threads; i++) {
            join(running[i]);
            first = Math.min(first, starts[i]);
            last = Math.max(last, ends[i]);
            done += units[i];
        }
        if (failure.get() != null) {
            throw new IllegalStateException("measuring the processor's peak failed", failure.get());
        }
        return (double) done / (last - first);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring the processor's peak", e);
        }
    }
}
