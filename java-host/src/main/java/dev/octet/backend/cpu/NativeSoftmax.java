package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.ScaledSoftmax;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/** {@link Softmax} over the last axis and {@link ScaledSoftmax}, of f32, by {@code octet_fsoftmax}. */
final class NativeSoftmax implements Kernel {
    private static final String FUNCTION = "octet_fsoftmax";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final int SIZE_BYTES = 2 * Long.BYTES + NativeGrid.SIZE_BYTES + 2 * Float.BYTES;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final Rows rows;
    private final int outBytes;

    /**
     * The rows of x as groups that meet consecutive rows of the mask, or one and the same.
     *
     * @param maskRow for each group the first mask row
     */
    private record Rows(long length, long inGroup, boolean sharesMask, int[] maskRow) {
        static Rows of(Shape x, Optional<Shape> mask) {
            long length = x.dim(-1);
            long inGroup = x.rank() > 1 ? x.dim(-2) : 1;
            int[] maskRow = new int[Math.toIntExact(x.product(0, Math.max(0, x.rank() - 2)))];
            if (mask.isEmpty()) {
                return new Rows(length, inGroup, true, maskRow);
            }
            Shape groups = Shape.of(Arrays.copyOf(x.dims(), Math.max(0, x.rank() - 2)));
            Shape given = Shape.of(
                    Arrays.copyOf(mask.get().dims(), Math.max(0, mask.get().rank() - 2)));
            BroadcastIndex index = new BroadcastIndex(given, groups);
            long maskRows = mask.get().rank() > 1 ? mask.get().dim(-2) : 1;
            for (int group = 0; group < maskRow.length; group++) {
                maskRow[group] = Math.toIntExact(index.at(group) * maskRows);
            }
            return new Rows(length, inGroup, maskRows == 1, maskRow);
        }
    }

    private NativeSoftmax(NativeLibrary library, KernelSpec spec, ScaledSoftmax op) {
        function = library.handle(FUNCTION, DESCRIPTOR);
        Optional<Shape> mask = spec.inputs().has(1) ? Optional.of(spec.inputs().shape(1)) : Optional.empty();
        rows = Rows.of(spec.inputs().shape(0), mask);
        NativeStruct fields =
                new NativeStruct(spec.arena(), SIZE_BYTES).longs(rows.length, rows.sharesMask ? 0 : rows.length);
        struct = NativeGrid.write(fields, op.target()).floats(op.factor(), 0).done();
        outBytes = NativeGrid.elementBytes(op.target());
    }

    static boolean supports(KernelSpec spec) {
        Softmax op = (Softmax) spec.node().op();
        Shape x = spec.inputs().shape(0);
        return spec.inputs().dtype(0) == DType.F32
                && op.function() == SoftmaxFunction.SOFTMAX
                && x.rank() > 0
                && x.axis(op.axis()) == x.rank() - 1;
    }

    static NativeSoftmax prepare(NativeLibrary library, KernelSpec spec) {
        return new NativeSoftmax(library, spec, new ScaledSoftmax(1, Optional.empty()));
    }

    static NativeSoftmax prepareScaled(NativeLibrary library, KernelSpec spec) {
        return new NativeSoftmax(library, spec, (ScaledSoftmax) spec.node().op());
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        if (args.out(0).elementCount() == 0) {
            return;
        }
        long rowsPerTask = Math.max(1, Chunks.SIZE / rows.length);
        int tasksPerGroup = Math.toIntExact(Math.ceilDiv(rows.inGroup, rowsPerTask));
        workers.forEach(rows.maskRow.length * tasksPerGroup, task -> {
            int group = task / tasksPerGroup;
            long first = task % tasksPerGroup * rowsPerTask;
            call(args, group, first, Math.min(rowsPerTask, rows.inGroup - first));
        });
    }

    private void call(KernelArgs args, int group, long first, long count) {
        long at = (group * rows.inGroup + first) * rows.length;
        long maskAt = (rows.maskRow[group] + (rows.sharesMask ? 0 : first)) * rows.length;
        MemorySegment x = args.in(0).data().asSlice(at * Float.BYTES);
        MemorySegment mask = args.has(1) ? args.in(1).data().asSlice(maskAt * Float.BYTES) : MemorySegment.NULL;
        MemorySegment y = args.out(0).data().asSlice(at * outBytes);
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(struct, x, mask, y, count));
    }
}
