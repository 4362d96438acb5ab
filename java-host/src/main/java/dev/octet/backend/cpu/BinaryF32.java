package dev.octet.backend.cpu;

import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.VariadicFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The four arithmetic functions of {@link Binary}, and Sum of two tensors, in fp32, with loops of their own for constant operands. */
final class BinaryF32 implements Kernel {
    static final KernelFactory FACTORY = new KernelFactory(
            "java_binary_f32",
            BinaryF32::supports,
            spec -> new BinaryF32(((Binary) spec.node().op()).function()));

    static final KernelFactory SUM_OF_TWO = new KernelFactory(
            "java_binary_f32",
            spec -> spec.inputs().dtype(0) == DType.F32
                    && spec.inputs().count() == 2
                    && ((Variadic) spec.node().op()).function() == VariadicFunction.SUM,
            _ -> new BinaryF32(BinaryFunction.ADD));

    /** Squares: the fp64 product of two floats is exact, so multiplying in fp32 gives the same bits. */
    static final KernelFactory SQUARE = new KernelFactory("java_square_f32", BinaryF32::isSquare, _ -> square());

    private final BinaryFunction function;
    private final int second;

    /** The operands' and the output's memory, and by how many bytes an operand advances along a row. */
    private record Operands(MemorySegment a, MemorySegment b, MemorySegment y, int aStep, int bStep) {}

    private BinaryF32(BinaryFunction function) {
        this(function, 1);
    }

    /** Takes the second operand from the given input. */
    private BinaryF32(BinaryFunction function, int second) {
        this.function = function;
        this.second = second;
    }

    private static BinaryF32 square() {
        return new BinaryF32(BinaryFunction.MUL, 0);
    }

    private static boolean isSquare(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32
                && ((Binary) spec.node().op()).function() == BinaryFunction.POW
                && spec.inputs().shape(1).elementCount() == 1
                && spec.inputs().shape(1).rank() <= spec.inputs().shape(0).rank()
                && Known.value(spec, 1)
                        .filter(exponent -> exponent.getDouble(0) == 2)
                        .isPresent();
    }

    private static boolean supports(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32
                && switch (((Binary) spec.node().op()).function()) {
                    case ADD, SUB, MUL, DIV -> true;
                    case POW, PRELU, AND, OR, XOR -> false;
                    case EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> false;
                };
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor a = args.in(0);
        Tensor b = args.in(second);
        Tensor y = args.out(0);
        Broadcast broadcast = Broadcast.of(y.shape(), List.of(a.shape(), b.shape()));
        int aStep = broadcast.step(0) * Float.BYTES;
        int bStep = broadcast.step(1) * Float.BYTES;
        Operands operands = new Operands(a.data(), b.data(), y.data(), aStep, bStep);
        broadcast.forEachRow(workers, row(operands));
    }

    private Broadcast.Body row(Operands operands) {
        return switch (function) {
            case ADD -> (out, starts, count) -> add(operands, out, starts, count);
            case SUB -> (out, starts, count) -> subtract(operands, out, starts, count);
            case MUL -> (out, starts, count) -> multiply(operands, out, starts, count);
            case DIV -> (out, starts, count) -> divide(operands, out, starts, count);
            case POW, PRELU, AND, OR, XOR, EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL ->
                throw new IllegalStateException(function + " has no fp32 loop");
        };
    }

    private static float at(MemorySegment segment, long bytes) {
        return segment.get(Tensor.F32_LAYOUT, bytes);
    }

    // Each loop is written out for the steps (4, 4) and (4, 0): the compiler vectorizes constant steps only.

    private static void add(Operands o, long out, long[] starts, int count) {
        MemorySegment y = o.y;
        MemorySegment a = o.a;
        MemorySegment b = o.b;
        long to = out * Float.BYTES;
        long aFrom = starts[0] * Float.BYTES;
        long bFrom = starts[1] * Float.BYTES;
        if (o.aStep == 4 && o.bStep == 4) {
            for (int i = 0; i < count; i++) {
                y.set(Tensor.F32_LAYOUT, to + 4L * i, at(a, aFrom + 4L * i) + at(b, bFrom + 4L * i));
            }
        } else if (o.aStep == 4) {
            float value = at(b, bFrom);
            for (int i = 0; i < count; i++) {
                y.set(Tensor.F32_LAYOUT, to + 4L * i, at(a, aFrom + 4L * i) + value);
            }
        } else {
            for (int i = 0; i < count; i++) {
                float sum = at(a, aFrom + (long) o.aStep * i) + at(b, bFrom + (long) o.bStep * i);
                y.set(Tensor.F32_LAYOUT, to + 4L * i, sum);
            }
        }
    }

    private static void multiply(Operands o, long out, long[] starts, int count) {
        MemorySegment y = o.y;
        MemorySegment a = o.a;
        MemorySegment b = o.b;
        long to = out * Float.BYTES;
        long aFrom = starts[0] * Float.BYTES;
        long bFrom = starts[1] * Float.BYTES;
        if (o.aStep == 4 && o.bStep == 4) {
            for (int i = 0; i < count; i++) {
                y.set(Tensor.F32_LAYOUT, to + 4L * i, at(a, aFrom + 4L * i) * at(b, bFrom + 4L * i));
            }
        } else if (o.aStep == 4) {
            float value = at(b, bFrom);
            for (int i = 0; i < count; i++) {
                y.set(Tensor.F32_LAYOUT, to + 4L * i, at(a, aFrom + 4L * i) * value);
            }
        } else {
            for (int i = 0; i < count; i++) {
                float product = at(a, aFrom + (long) o.aStep * i) * at(b, bFrom + (long) o.bStep * i);
                y.set(Tensor.F32_LAYOUT, to + 4L * i, product);
            }
        }
    }

    private static void subtract(Operands o, long out, long[] starts, int count) {
        long to = out * Float.BYTES;
        long aFrom = starts[0] * Float.BYTES;
        long bFrom = starts[1] * Float.BYTES;
        for (int i = 0; i < count; i++) {
            float difference = at(o.a, aFrom + (long) o.aStep * i) - at(o.b, bFrom + (long) o.bStep * i);
            o.y.set(Tensor.F32_LAYOUT, to + 4L * i, difference);
        }
    }

    private static void divide(Operands o, long out, long[] starts, int count) {
        long to = out * Float.BYTES;
        long aFrom = starts[0] * Float.BYTES;
        long bFrom = starts[1] * Float.BYTES;
        for (int i = 0; i < count; i++) {
            float quotient = at(o.a, aFrom + (long) o.aStep * i) / at(o.b, bFrom + (long) o.bStep * i);
            o.y.set(Tensor.F32_LAYOUT, to + 4L * i, quotient);
        }
    }
}
