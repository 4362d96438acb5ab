package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** {@link GlobalAveragePool} and the mean over neighbouring axes of f32, with the bits of the Java kernels. */
final class NativeGlobalMean implements Kernel {
    private static final String FUNCTION = "octet_globalmean";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final MethodHandle function;
    private final long batch;
    private final long channels;
    private final long pixels;
    private final boolean channelsLast;

    private NativeGlobalMean(MethodHandle function, long batch, long pixels, long channels, boolean channelsLast) {
        this.function = function;
        this.batch = batch;
        this.pixels = pixels;
        this.channels = channels;
        this.channelsLast = channelsLast;
    }

    static boolean supports(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32;
    }

    static NativeGlobalMean prepare(NativeLibrary library, KernelSpec spec) {
        Layout layout = ((GlobalAveragePool) spec.node().op()).layout();
        Shape x = spec.inputs().shape(0);
        int from = layout.spatialAxis();
        return new NativeGlobalMean(
                library.handle(FUNCTION, DESCRIPTOR),
                x.dim(0),
                x.product(from, from + x.rank() - 2),
                x.dim(layout.channelAxis(x.rank())),
                layout == Layout.CHANNELS_LAST);
    }

    static boolean supportsReduce(KernelSpec spec) {
        boolean[] reduced = reducedAxes(spec);
        int runs = 0;
        for (int axis = 0; axis < reduced.length; axis++) {
            runs += reduced[axis] && (axis == 0 || !reduced[axis - 1]) ? 1 : 0;
        }
        return supports(spec)
                && ((Reduce) spec.node().op()).function() == ReduceFunction.MEAN
                && (!spec.inputs().has(1) || spec.inputs().known(1).isPresent())
                && runs == 1
                && spec.inputs().shape(0).elementCount() > 0;
    }

    private static boolean[] reducedAxes(KernelSpec spec) {
        Optional<long[]> axes = spec.inputs().known(1).map(Tensor::toLongs);
        return ((Reduce) spec.node().op()).reducedAxes(spec.inputs().shape(0), axes);
    }

    static NativeGlobalMean prepareReduce(NativeLibrary library, KernelSpec spec) {
        Shape x = spec.inputs().shape(0);
        boolean[] reduced = reducedAxes(spec);
        int from = 0;
        while (!reduced[from]) {
            from++;
        }
        int to = from;
        while (to < reduced.length && reduced[to]) {
            to++;
        }
        long outer = x.product(0, from);
        long inner = x.product(to, x.rank());
        MethodHandle function = library.handle(FUNCTION, DESCRIPTOR);
        return inner == 1
                ? new NativeGlobalMean(function, 1, x.product(from, to), outer, false)
                : new NativeGlobalMean(function, outer, x.product(from, to), inner, true);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        long perTask = Math.max(16, Chunks.SIZE / Math.max(1, pixels) / 16 * 16);
        long across = Math.ceilDiv(channels, perTask);
        workers.forEach(Math.toIntExact(batch * across), task -> {
            long first = task % across * perTask;
            long at = task / across * channels * pixels + first * (channelsLast ? 1 : pixels);
            long count = Math.min(perTask, channels - first);
            call(x.asSlice(at * Float.BYTES), y.asSlice((task / across * channels + first) * Float.BYTES), count);
        });
    }

    private void call(MemorySegment x, MemorySegment y, long count) {
        NativeLibrary.call(FUNCTION, () -> (int)
                function.invokeExact(x, y, count, pixels, channelsLast ? 1L : pixels, channelsLast ? channels : 1L));
    }
}
