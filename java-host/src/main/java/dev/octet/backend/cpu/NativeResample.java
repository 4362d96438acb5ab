package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.PoolWindow;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.ResizeGeometry;
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
import java.util.stream.IntStream;

/** {@link Resize} along at most two neighbouring axes and f32 {@link AveragePool} of images, by {@code octet_resample}. */
final class NativeResample implements Kernel {
    private static final String FUNCTION = "octet_resample";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final int STRUCT_BYTES = 11 * Long.BYTES;
    private static final double[] WHOLE = {0, 1};

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long lines;
    private final long lineLength;

    /**
     * How one axis is resampled: for each output the positions of its taps and their weights.
     *
     * @param weights empty to copy the only tap
     */
    private record Axis(int extent, int outputs, int taps, int[] positions, float[] weights) {
        /** An axis that stays as it is. */
        static Axis whole(long extent, boolean real) {
            int[] positions = IntStream.range(0, Math.toIntExact(extent)).toArray();
            float[] weights = new float[real ? positions.length : 0];
            java.util.Arrays.fill(weights, 1);
            return new Axis(positions.length, positions.length, 1, positions, weights);
        }
    }

    private NativeResample(NativeLibrary library, KernelSpec spec, long images, Axis y, Axis x, long run) {
        function = library.handle(FUNCTION, DESCRIPTOR);
        struct = new NativeStruct(spec.arena(), STRUCT_BYTES)
                .longs(y.extent, x.extent, y.outputs, x.outputs, run, y.taps, x.taps)
                .address(spec.arena().allocateFrom(JAVA_INT, y.positions))
                .address(spec.arena().allocateFrom(JAVA_INT, x.positions))
                .address(weights(spec, y))
                .address(weights(spec, x))
                .done();
        lines = Math.multiplyExact(images, y.outputs);
        lineLength = Math.max(1, x.outputs * run);
    }

    private static MemorySegment weights(KernelSpec spec, Axis axis) {
        return axis.weights.length == 0 ? MemorySegment.NULL : spec.arena().allocateFrom(JAVA_FLOAT, axis.weights);
    }

    static boolean supportsResize(KernelSpec spec) {
        Resize op = (Resize) spec.node().op();
        DType dtype = spec.inputs().dtype(0);
        boolean sized = Known.value(spec, 2).isPresent() != Known.value(spec, 3).isPresent();
        boolean kind = op.mode() == Resize.Mode.NEAREST ? dtype.bits() % Byte.SIZE == 0 : dtype == DType.F32;
        if (!sized || !kind || op.coordinates() == Resize.CoordinateMode.TF_CROP_AND_RESIZE) {
            return false;
        }
        int[] changed = changedAxes(geometry(op, spec));
        return changed.length <= 1 || (changed.length == 2 && changed[1] == changed[0] + 1);
    }

    private static ResizeGeometry geometry(Resize op, KernelSpec spec) {
        return op.geometry(
                spec.inputs().shape(0),
                Known.value(spec, 2).map(Tensor::toFloats),
                Known.value(spec, 3).map(Tensor::toLongs));
    }

    private static int[] changedAxes(ResizeGeometry geometry) {
        return IntStream.range(0, geometry.scales().length)
                .filter(axis -> geometry.scales()[axis] != 1
                        || geometry.inputShape().dim(axis)
                                != geometry.outputShape().dim(axis))
                .toArray();
    }

    static NativeResample prepareResize(NativeLibrary library, KernelSpec spec) {
        Resize op = (Resize) spec.node().op();
        boolean real = op.mode() != Resize.Mode.NEAREST;
        ResizeGeometry geometry = geometry(op, spec);
        Shape from = geometry.inputShape();
        int[] changed = changedAxes(geometry);
        int first = changed.length == 0 ? from.rank() : changed[0];
        int behind = changed.length == 0 ? from.rank() : changed[changed.length - 1] + 1;
        Axis y = changed.length == 0 ? Axis.whole(1, real) : axis(op, geometry, first);
        Axis x = changed.length < 2 ? Axis.whole(1, real) : axis(op, geometry, behind - 1);
        long run = from.product(behind, from.rank()) * (real ? 1 : spec.inputs().dtype(0).bits() / Byte.SIZE);
        return new NativeResample(library, spec, from.product(0, first), y, x, run);
    }

    private static Axis axis(Resize op, ResizeGeometry geometry, int axis) {
        int extent = Math.toIntExact(geometry.inputShape().dim(axis));
        int outputs = Math.toIntExact(geometry.outputShape().dim(axis));
        if (op.mode() == Resize.Mode.NEAREST) {
            int[] positions = new int[outputs];
            for (int i = 0; i < outputs; i++) {
                double position = geometry.inputPosition(op.coordinates(), axis, i, WHOLE);
                positions[i] = Math.clamp((long) ResizeKernel.rounded(op, position), 0, extent - 1);
            }
            return new Axis(extent, outputs, 1, positions, new float[0]);
        }
        ResizeTaps taps = ResizeTaps.of(op, geometry, axis, WHOLE);
        return new Axis(extent, outputs, taps.count(), taps.positions(), taps.weights());
    }

    static boolean supportsAveragePool(KernelSpec spec) {
        AveragePool pool = (AveragePool) spec.node().op();
        Shape x = spec.inputs().shape(0);
        return spec.inputs().dtype(0) == DType.F32
                && x.rank() <= 4
                && PoolKernel.window(spec, pool.window(), pool.layout()).coversInput();
    }

    /** A mean over a rectangle is a mean along one axis of means along the other. */
    static NativeResample prepareAveragePool(NativeLibrary library, KernelSpec spec) {
        AveragePool pool = (AveragePool) spec.node().op();
        PoolWindow window = PoolKernel.window(spec, pool.window(), pool.layout());
        boolean last = pool.layout() == Layout.CHANNELS_LAST;
        return new NativeResample(
                library,
                spec,
                last ? window.batch() : (long) window.batch() * window.channels(),
                means(window, 1, pool.countPadding()),
                means(window, 2, pool.countPadding()),
                last ? window.channels() : 1);
    }

    private static Axis means(PoolWindow window, int axis, boolean countPadding) {
        int taps = window.kernel()[axis];
        int extent = window.in()[axis];
        int outputs = window.out()[axis];
        int[] positions = new int[outputs * taps];
        float[] weights = new float[positions.length];
        for (int output = 0; output < outputs; output++) {
            int counted = 0;
            for (int tap = 0; tap < taps; tap++) {
                int position = window.position(axis, output, tap);
                boolean inside = position >= 0 && position < extent;
                counted += inside || (countPadding && position < extent + window.endPads()[axis]) ? 1 : 0;
                positions[output * taps + tap] = inside ? position : 0;
                weights[output * taps + tap] = inside ? 1 : 0;
            }
            for (int tap = 0; tap < taps; tap++) {
                weights[output * taps + tap] /= counted;
            }
        }
        return new Axis(extent, outputs, taps, positions, weights);
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
