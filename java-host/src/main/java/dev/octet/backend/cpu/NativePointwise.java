package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.Pointwise;
import dev.octet.graph.op.PointwiseCode;
import dev.octet.graph.op.PointwiseFunction;
import dev.octet.graph.op.Where;
import dev.octet.quant.QuantParams;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link Pointwise}, and each operator by itself that {@link PointwiseCode} has code for, by {@code octet_pointwise}. */
final class NativePointwise implements Kernel {
    private static final String FUNCTION = "octet_pointwise";
    private static final FunctionDescriptor DESCRIPTOR = FunctionDescriptor.of(
            JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    private static final int OPERAND_BYTES = (3 + NativeMove.MAX_AXES) * Long.BYTES + 2 * Float.BYTES;
    private static final int INSTRUCTION_BYTES = 4 * Long.BYTES + 2 * Float.BYTES;
    private static final int STRUCT_BYTES = (6 + NativeMove.MAX_AXES) * Long.BYTES + NativeGrid.SIZE_BYTES;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final int[] inputs;

    /** Code and the node's inputs that it reads, in its order. */
    private record Program(Pointwise op, int... inputs) {}

    private NativePointwise(MethodHandle function, MemorySegment struct, int... inputs) {
        this.function = function;
        this.struct = struct;
        this.inputs = inputs;
    }

    static boolean supports(KernelSpec spec) {
        return program(spec)
                .filter(program -> broadcast(spec, program).outerAxes() <= NativeMove.MAX_AXES)
                .isPresent();
    }

    private static Optional<Program> program(KernelSpec spec) {
        if (spec.node().op() instanceof Pointwise op) {
            return Optional.of(new Program(
                    op, java.util.stream.IntStream.range(0, op.sources().size()).toArray()));
        }
        List<Optional<Tensor>> scalars = new ArrayList<>();
        for (int i = 0; i < spec.node().inputs().size(); i++) {
            if (spec.inputs().has(i) && !isTaken(spec, i)) {
                return Optional.empty();
            }
            scalars.add(Known.value(spec, i).filter(tensor -> tensor.elementCount() == 1));
        }
        PointwiseCode code = new PointwiseCode();
        List<Integer> inputs = new ArrayList<>();
        Optional<Integer> result = spec.outputs().get(0).dtype() != DType.F32
                ? Optional.empty()
                : code.append(spec.node(), scalars, input -> {
                    inputs.add(input);
                    return Pointwise.input(inputs.size() - 1);
                });
        if (result.isEmpty() || inputs.isEmpty() || inputs.size() > Pointwise.MAX_INPUTS) {
            return Optional.empty();
        }
        List<Optional<QuantParams.PerTensor>> sources = java.util.Collections.nCopies(inputs.size(), Optional.empty());
        return Optional.of(new Program(
                new Pointwise(sources, code.code(), Optional.empty()),
                inputs.stream().mapToInt(Integer::intValue).toArray()));
    }

    private static boolean isTaken(KernelSpec spec, int input) {
        boolean condition = input == 0 && spec.node().op() instanceof Where;
        return spec.inputs().dtype(input) == (condition ? DType.BOOL : DType.F32);
    }

    private static Broadcast broadcast(KernelSpec spec, Program program) {
        List<Shape> shapes = java.util.Arrays.stream(program.inputs)
                .mapToObj(spec.inputs()::shape)
                .toList();
        return Broadcast.of(spec.outputs().get(0).shape(), shapes);
    }

    static NativePointwise prepare(NativeLibrary library, KernelSpec spec) {
        Program program = program(spec).orElseThrow();
        Pointwise op = program.op;
        Broadcast broadcast = broadcast(spec, program);
        NativeStruct operands = new NativeStruct(spec.arena(), (long) OPERAND_BYTES * program.inputs.length);
        for (int i = 0; i < program.inputs.length; i++) {
            Optional<QuantParams.PerTensor> source = op.sources().get(i);
            DType dtype = spec.inputs().dtype(program.inputs[i]);
            operands.longs(IntegerProduct.kind(dtype == DType.BOOL ? DType.U8 : dtype));
            operands.longs(source.map(QuantParams.PerTensor::zeroPoint).orElse(0), broadcast.step(i));
            operands.longs(broadcast.outerStrides(i, NativeMove.MAX_AXES));
            operands.floats(source.map(QuantParams.PerTensor::scale).orElse(1f), 0);
        }
        NativeStruct code = new NativeStruct(
                spec.arena(), (long) INSTRUCTION_BYTES * op.code().size());
        for (Pointwise.Instruction step : op.code()) {
            code.longs(number(step.function()), step.a(), step.b(), step.c());
            code.floats(step.first(), step.second());
        }
        NativeStruct struct = new NativeStruct(spec.arena(), STRUCT_BYTES);
        struct.longs(broadcast.rowLength(), broadcast.outerAxes());
        struct.longs(broadcast.outerExtents(NativeMove.MAX_AXES));
        struct.longs(program.inputs.length, op.code().size());
        struct.address(operands.done()).address(code.done());
        NativeGrid.write(struct, op.target());
        return new NativePointwise(library.handle(FUNCTION, DESCRIPTOR), struct.done(), program.inputs);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment[] x = new MemorySegment[Pointwise.MAX_INPUTS];
        for (int i = 0; i < x.length; i++) {
            x[i] = i < inputs.length ? args.in(inputs[i]).data() : MemorySegment.NULL;
        }
        MemorySegment y = args.out(0).data();
        Chunks.forEach(workers, args.out(0).elementCount(), (from, to) -> call(x, y, from, to - from));
    }

    private void call(MemorySegment[] x, MemorySegment y, long first, long count) {
        NativeLibrary.call(FUNCTION, () ->
                (int) function.invokeExact(struct, x[0], x[1], x[2], x[3], x[4], x[5], y, first, count));
    }

    @SuppressWarnings("EnumOrdinal") // octet_elements.h lists the functions in the same order
    private static int number(PointwiseFunction function) {
        return function.ordinal();
    }
}
