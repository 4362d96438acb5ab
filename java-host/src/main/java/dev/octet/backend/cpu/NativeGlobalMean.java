package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link GlobalAveragePool} of f32, with the bits of the Java kernel. */
final class NativeGlobalMean implements Kernel {
    private static final String FUNCTION = "octet_globalmean";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final MethodHandle function;
    private final long batch;
    private final long channels;
    private final long pixels;
    private final boolean channelsLast;

    private NativeGlobalMean(MethodHandle function, Shape x, Layout layout) {
        this.function = function;
        batch = x.dim(0);
        channels = x.dim(layout.channelAxis(x.rank()));
        int from = layout.spatialAxis();
        pixels = x.product(from, from + x.rank() - 2);
        channelsLast = layout == Layout.CHANNELS_LAST;
    }

    static boolean supports(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32;
    }

    static NativeGlobalMean prepare(NativeLibrary library, KernelSpec spec) {
        Layout layout = ((GlobalAveragePool) spec.node().op()).layout();
        return new NativeGlobalMean(
                library.handle(FUNCTION, DESCRIPTOR), spec.inputs().shape(0), layout);
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
