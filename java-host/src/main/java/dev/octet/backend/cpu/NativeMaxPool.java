package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.PoolWindow;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumSet;
import java.util.Set;

/** {@link MaxPool} over at most two axes in channels-last layout. */
final class NativeMaxPool implements Kernel {
    private static final String FUNCTION = "octet_maxpool";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final Set<DType> TYPES = EnumSet.of(DType.U8, DType.S8, DType.F32);

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long kind;
    private final PoolWindow window;

    private NativeMaxPool(MethodHandle function, MemorySegment struct, long kind, PoolWindow window) {
        this.function = function;
        this.struct = struct;
        this.kind = kind;
        this.window = window;
    }

    static boolean supports(KernelSpec spec) {
        MaxPool pool = (MaxPool) spec.node().op();
        if (pool.layout() != Layout.CHANNELS_LAST
                || spec.node().outputs().size() != 1
                || spec.inputs().shape(0).rank() > 4
                || !TYPES.contains(spec.inputs().dtype(0))) {
            return false;
        }
        PoolWindow window = PoolKernel.window(spec, pool.window(), pool.layout());
        long taps = (long) window.kernel()[1] * window.kernel()[2];
        return taps <= NativeQDepthwise.MAX_TAPS && window.coversInput();
    }

    static NativeMaxPool prepare(NativeLibrary library, KernelSpec spec) {
        MaxPool pool = (MaxPool) spec.node().op();
        PoolWindow window = PoolKernel.window(spec, pool.window(), pool.layout());
        NativeStruct struct = new NativeStruct(spec.arena(), NativeWindow.SIZE_BYTES);
        NativeWindow.of(window).write(struct);
        long kind = IntegerProduct.kind(spec.inputs().dtype(0));
        return new NativeMaxPool(library.handle(FUNCTION, DESCRIPTOR), struct.done(), kind, window);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        bind(args).run(workers);
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        long rows = (long) window.batch() * window.outPixels();
        return ProductTasks.rows(
                rows, (long) window.channels() * window.taps(), part -> call(x, y, part.row(), part.rows()));
    }

    private void call(MemorySegment x, MemorySegment y, long from, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(struct, kind, x, y, from, count));
    }
}
