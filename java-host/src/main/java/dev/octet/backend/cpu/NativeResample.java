package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.Resampling;
import dev.octet.graph.op.Resize;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** {@link Resize} along at most two neighbouring axes, by {@code octet_resample}. */
final class NativeResample implements Kernel {
    private static final String FUNCTION = "octet_resample";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final int STRUCT_BYTES = 11 * Long.BYTES;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long lines;
    private final long lineLength;

    private NativeResample(NativeLibrary library, KernelSpec spec, Resampling op, long run) {
        Resampling.Axis y = op.y();
        Resampling.Axis x = op.x();
        function = library.handle(FUNCTION, DESCRIPTOR);
        struct = new NativeStruct(spec.arena(), STRUCT_BYTES)
                .longs(y.extent(), x.extent(), y.outputs(), x.outputs(), run, y.taps(), x.taps())
                .address(spec.arena().allocateFrom(JAVA_INT, y.positions()))
                .address(spec.arena().allocateFrom(JAVA_INT, x.positions()))
                .address(weights(spec, y))
                .address(weights(spec, x))
                .done();
        lines = Math.multiplyExact(op.images(), y.outputs());
        lineLength = Math.max(1, x.outputs() * run);
    }

    private static MemorySegment weights(KernelSpec spec, Resampling.Axis axis) {
        return axis.weights().length == 0 ? MemorySegment.NULL : spec.arena().allocateFrom(JAVA_FLOAT, axis.weights());
    }

    static boolean supportsResize(KernelSpec spec) {
        DType dtype = spec.inputs().dtype(0);
        boolean nearest = ((Resize) spec.node().op()).mode() == Resize.Mode.NEAREST;
        return (nearest ? dtype.bits() % Byte.SIZE == 0 : dtype == DType.F32)
                && resampling(spec).isPresent();
    }

    private static Optional<Resampling> resampling(KernelSpec spec) {
        return Resampling.of(
                (Resize) spec.node().op(),
                spec.inputs().shape(0),
                Known.value(spec, 2).map(Tensor::toFloats),
                Known.value(spec, 3).map(Tensor::toLongs));
    }

    static NativeResample prepareResize(NativeLibrary library, KernelSpec spec) {
        Resampling op = resampling(spec).orElseThrow();
        boolean nearest = op.y().weights().length == 0;
        return new NativeResample(
                library, spec, op, op.run() * (nearest ? spec.inputs().dtype(0).bits() / Byte.SIZE : 1));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        long perTask = Math.max(1, Chunks.SIZE / lineLength);
        workers.forEach(Math.toIntExact(Math.ceilDiv(lines, perTask)), task -> {
            long first = task * perTask;
            call(x, y, first, Math.min(perTask, lines - first));
        });
    }

    private void call(MemorySegment x, MemorySegment y, long first, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(struct, x, y, first, count));
    }
}
