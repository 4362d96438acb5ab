package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.PoolWindow;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** f32 {@link AveragePool} over at most two axes, or over the first of three, with the bits of the Java kernel. */
final class NativeAveragePool implements Kernel {
    private static final String FUNCTION = "octet_averagepool";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    private final MethodHandle function;
    private final MemorySegment struct;
    private final MemorySegment divisors;
    private final long rows;
    private final long rowCost;

    private NativeAveragePool(NativeLibrary library, KernelSpec spec, PoolWindow window, boolean countPadding) {
        boolean last = window.layout() == Layout.CHANNELS_LAST;
        boolean deep = window.in()[0] > 1;
        int y = deep ? 0 : 1;
        long run = deep ? (long) window.in()[1] * window.in()[2] : last ? window.channels() : 1;
        function = library.handle(FUNCTION, DESCRIPTOR);
        struct = new NativeStruct(spec.arena(), NativeWindow.SIZE_BYTES)
                .longs(window.in()[y], deep ? 1 : window.in()[2], run, window.out()[y], deep ? 1 : window.out()[2])
                .longs(window.kernel()[y], deep ? 1 : window.kernel()[2])
                .longs(window.strides()[y], deep ? 1 : window.strides()[2])
                .longs(window.dilations()[y], deep ? 1 : window.dilations()[2])
                .longs(window.pads()[y], deep ? 0 : window.pads()[2], run)
                .done();
        int positions = deep ? window.out()[0] : window.outPixels();
        float[] counts = new float[positions];
        for (int i = 0; i < positions; i++) {
            int pixel = deep ? i * window.out()[1] * window.out()[2] : i;
            counts[i] = countPadding ? window.paddedTaps(pixel) : window.insideTaps(pixel);
        }
        divisors = spec.arena().allocateFrom(JAVA_FLOAT, counts);
        rows = (long) window.batch() * (last ? 1 : window.channels()) * positions;
        rowCost = run * window.taps();
    }

    static boolean supports(KernelSpec spec) {
        AveragePool pool = (AveragePool) spec.node().op();
        if (spec.inputs().dtype(0) != DType.F32 || spec.inputs().shape(0).rank() > 5) {
            return false;
        }
        PoolWindow window = PoolKernel.window(spec, pool.window(), pool.layout());
        boolean isFlat = window.in()[0] == 1 && window.out()[0] == 1 && window.kernel()[0] == 1;
        return window.taps() <= NativeQDepthwise.MAX_TAPS && (isFlat || isAlongFirst(window));
    }

    private static boolean isAlongFirst(PoolWindow window) {
        return window.layout() == Layout.CHANNELS_FIRST
                && window.taps() == window.kernel()[0]
                && window.out()[1] == window.in()[1]
                && window.out()[2] == window.in()[2];
    }

    static NativeAveragePool prepare(NativeLibrary library, KernelSpec spec) {
        AveragePool pool = (AveragePool) spec.node().op();
        PoolWindow window = PoolKernel.window(spec, pool.window(), pool.layout());
        return new NativeAveragePool(library, spec, window, pool.countPadding());
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        ProductTasks.rows(rows, rowCost, part -> call(x, y, part.row(), part.rows()))
                .run(workers);
    }

    private void call(MemorySegment x, MemorySegment y, long from, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(struct, divisors, x, y, from, count));
    }
}
