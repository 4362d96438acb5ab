package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.LayerNormalization;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** {@link LayerNormalization} of f32 with constant scale and bias by {@code octet_flayernorm}. */
final class NativeLayerNorm implements Kernel {
    private static final String FUNCTION = "octet_flayernorm";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final int SIZE_BYTES = 3 * Long.BYTES + NativeGrid.SIZE_BYTES + 2 * Float.BYTES;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long length;

    private NativeLayerNorm(MethodHandle function, MemorySegment struct, long length) {
        this.function = function;
        this.struct = struct;
        this.length = length;
    }

    static boolean supports(KernelSpec spec) {
        LayerNormalization op = (LayerNormalization) spec.node().op();
        return spec.inputs().dtype(0) == DType.F32
                && spec.inputs().dtype(1) == DType.F32
                && spec.node().outputs().size() == 1
                && length(spec, op) > 0
                && isRow(spec, op, 1)
                && (!spec.inputs().has(2) || isRow(spec, op, 2));
    }

    private static long length(KernelSpec spec, LayerNormalization op) {
        Shape x = spec.inputs().shape(0);
        return x.product(x.axis(op.axis()), x.rank());
    }

    /** Whether a parameter is constant and the same for all rows, with a value for each element. */
    private static boolean isRow(KernelSpec spec, LayerNormalization op, int input) {
        Shape x = spec.inputs().shape(0);
        Shape shape = spec.inputs().shape(input);
        int outer = Math.max(0, shape.rank() - (x.rank() - x.axis(op.axis())));
        return Known.value(spec, input).filter(value -> value.dtype() == DType.F32).isPresent()
                && shape.elementCount() == length(spec, op)
                && shape.product(0, outer) == 1;
    }

    static NativeLayerNorm prepare(NativeLibrary library, KernelSpec spec) {
        LayerNormalization op = (LayerNormalization) spec.node().op();
        long length = length(spec, op);
        NativeStruct struct = new NativeStruct(spec.arena(), SIZE_BYTES)
                .longs(length)
                .address(parameter(spec, 1, length))
                .address(parameter(spec, 2, length));
        MemorySegment memory =
                NativeGrid.write(struct, Optional.empty()).floats(op.epsilon(), 0).done();
        return new NativeLayerNorm(library.handle(FUNCTION, DESCRIPTOR), memory, length);
    }

    /** A copy of a constant that lives as long as the plan; zeros where there is none. */
    private static MemorySegment parameter(KernelSpec spec, int input, long length) {
        MemorySegment copy = spec.arena().allocate(length * Float.BYTES, Float.BYTES);
        Known.value(spec, input).ifPresent(tensor -> copy.copyFrom(tensor.data()));
        return copy;
    }

    @Override
    public boolean readsConstant(int input) {
        return NativePacking.reads(input);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        long rowsPerTask = Math.max(1, Chunks.SIZE / length);
        long rows = x.elementCount() / length;
        workers.forEach(Math.toIntExact(Math.ceilDiv(rows, rowsPerTask)), task -> {
            long first = task * rowsPerTask;
            long at = first * length * Float.BYTES;
            call(x.data().asSlice(at), args.out(0).data().asSlice(at), Math.min(rowsPerTask, rows - first));
        });
    }

    private void call(MemorySegment x, MemorySegment y, long rows) {
        NativeLibrary.call(FUNCTION, () -> (int)
                function.invokeExact(struct, x, MemorySegment.NULL, y, MemorySegment.NULL, rows));
    }
}
