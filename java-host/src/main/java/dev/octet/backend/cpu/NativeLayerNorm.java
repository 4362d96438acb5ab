package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.SumLayerNorm;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** {@link LayerNormalization} and {@link SumLayerNorm} of f32 with constant scale and bias by {@code octet_flayernorm}. */
final class NativeLayerNorm implements PackedKernel {
    private static final String FUNCTION = "octet_flayernorm";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final int SIZE_BYTES = 3 * Long.BYTES + NativeGrid.SIZE_BYTES + 2 * Float.BYTES;

    /** Three passes over an element take about as long as this many products of a channel. */
    private static final long ELEMENT_WORTH = 16;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long length;
    private final boolean real;
    private final boolean quantized;

    private NativeLayerNorm(NativeLibrary library, KernelSpec spec, SumLayerNorm op, long length) {
        function = library.handle(FUNCTION, DESCRIPTOR);
        NativeStruct fields = new NativeStruct(spec.arena(), SIZE_BYTES)
                .longs(length)
                .address(parameter(spec, 1, length))
                .address(parameter(spec, 2, length));
        struct = NativeGrid.write(fields, op.target()).floats(op.epsilon(), 0).done();
        real = op.real();
        quantized = op.target().isPresent();
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
        return Known.value(spec, input)
                        .filter(value -> value.dtype() == DType.F32)
                        .isPresent()
                && shape.elementCount() == length(spec, op)
                && shape.product(0, outer) == 1;
    }

    static NativeLayerNorm prepare(NativeLibrary library, KernelSpec spec) {
        LayerNormalization op = (LayerNormalization) spec.node().op();
        long length = length(spec, op);
        return new NativeLayerNorm(library, spec, new SumLayerNorm(op.epsilon(), true, Optional.empty()), length);
    }

    static boolean supportsSum(KernelSpec spec) {
        return Known.value(spec, 1).isPresent() && Known.value(spec, 2).isPresent();
    }

    static NativeLayerNorm prepareSum(NativeLibrary library, KernelSpec spec) {
        SumLayerNorm op = (SumLayerNorm) spec.node().op();
        return new NativeLayerNorm(library, spec, op, spec.inputs().shape(0).dim(-1));
    }

    /** A copy of a constant that lives as long as the plan; zeros where there is none. */
    private static MemorySegment parameter(KernelSpec spec, int input, long length) {
        MemorySegment copy = spec.arena().allocate(length * Float.BYTES, Float.BYTES);
        Known.value(spec, input).ifPresent(tensor -> copy.copyFrom(tensor.data()));
        return copy;
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        long rows = args.in(0).elementCount() / length;
        return ProductTasks.rows(rows, length * ELEMENT_WORTH, part -> call(args, part.row() * length, part.rows()));
    }

    private void call(KernelArgs args, long at, long rows) {
        MemorySegment x = args.in(0).data().asSlice(at * Float.BYTES);
        MemorySegment residual = args.has(3) ? args.in(3).data().asSlice(at * Float.BYTES) : MemorySegment.NULL;
        MemorySegment y = real ? args.out(0).data().asSlice(at * Float.BYTES) : MemorySegment.NULL;
        MemorySegment q = quantized ? args.out(real ? 1 : 0).data().asSlice(at) : MemorySegment.NULL;
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(struct, x, residual, y, q, rows));
    }
}
