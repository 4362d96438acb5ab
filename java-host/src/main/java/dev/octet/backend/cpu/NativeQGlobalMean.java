package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link QGlobalAveragePool} in channels-last layout. */
final class NativeQGlobalMean implements Kernel {
    private static final String FUNCTION = "octet_qglobalmean";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    private static final int STRUCT_BYTES = 7 * Long.BYTES;

    /** Channels of a task are a multiple of this, which native code takes together. */
    private static final long CHANNEL_UNIT = 32;

    private static final long TASK_BYTES = 1 << 15;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long batch;
    private final long channels;
    private final long pixels;

    private NativeQGlobalMean(MethodHandle function, MemorySegment struct, Shape x) {
        this.function = function;
        this.struct = struct;
        this.batch = x.dim(0);
        this.channels = x.dim(-1);
        this.pixels = pixels(x);
    }

    private static long pixels(Shape x) {
        return x.product(1, x.rank() - 1);
    }

    static boolean supports(KernelSpec spec) {
        QGlobalAveragePool op = (QGlobalAveragePool) spec.node().op();
        long pixels = pixels(spec.inputs().shape(0));
        return op.layout() == Layout.CHANNELS_LAST
                && IntegerProduct.isByte(spec.inputs().dtype(0))
                && IntegerProduct.isByte(op.dtype())
                && pixels > 0
                && pixels <= QGlobalAveragePool.MAX_PIXELS
                && Math.abs(op.multiplier((int) pixels)) <= IntegerProduct.MAX_MULTIPLIER;
    }

    static NativeQGlobalMean prepare(NativeLibrary library, KernelSpec spec) {
        QGlobalAveragePool op = (QGlobalAveragePool) spec.node().op();
        Shape x = spec.inputs().shape(0);
        NativeStruct struct = new NativeStruct(spec.arena(), STRUCT_BYTES);
        struct.longs(x.dim(-1), pixels(x));
        struct.longs(IntegerProduct.kind(spec.inputs().dtype(0)), op.xZeroPoint());
        struct.longs(IntegerProduct.kind(op.dtype()), op.zeroPoint());
        struct.floats(op.multiplier(Math.toIntExact(pixels(x))), 0);
        return new NativeQGlobalMean(library.handle(FUNCTION, DESCRIPTOR), struct.done(), x);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        long units = Math.max(1, TASK_BYTES / pixels / CHANNEL_UNIT);
        long perTask = units * CHANNEL_UNIT;
        int tasks = Math.toIntExact(Math.ceilDiv(channels, perTask));
        workers.forEach(Math.toIntExact(batch * tasks), task -> {
            long image = task / tasks;
            long first = task % tasks * perTask;
            MemorySegment from = x.asSlice(image * pixels * channels);
            MemorySegment to = y.asSlice(image * channels);
            call(from, to, first, Math.min(perTask, channels - first));
        });
    }

    private void call(MemorySegment x, MemorySegment y, long first, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(struct, x, y, first, count));
    }
}
