package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * {@link Binary} for every type. Float types compute in fp64 and round once; integers are exact and wrap around; integer
 * division truncates. Predicates give 1 or 0. A power with an integer base has the base's type: with an integer exponent
 * that is not negative it is exact modulo the type's range, else the fp64 power truncated.
 */
final class BinaryKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_binary", spec -> new BinaryKernel(((Binary) spec.node().op()).function()));

    private final BinaryFunction function;

    private BinaryKernel(BinaryFunction function) {
        this.function = function;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor a = args.in(0);
        Tensor b = args.in(1);
        Tensor y = args.out(0);
        Broadcast broadcast = Broadcast.of(y.shape(), List.of(a.shape(), b.shape()));
        broadcast.forEachRow(workers, row(a, b, y, new int[] {broadcast.step(0), broadcast.step(1)}));
    }

    private Broadcast.Body row(Tensor a, Tensor b, Tensor y, int[] steps) {
        if (a.dtype().isFloat() || (function == BinaryFunction.POW && b.dtype().isFloat())) {
            DoubleBinaryOperator real = real(function);
            return (out, starts, count) -> {
                for (int i = 0; i < count; i++) {
                    double left = a.getDouble(starts[0] + (long) i * steps[0]);
                    y.setDouble(out + i, real.applyAsDouble(left, b.getDouble(starts[1] + (long) i * steps[1])));
                }
            };
        }
        LongBinaryOperator integer = a.dtype() == DType.U64 ? unsigned64(function) : integer(function);
        return (out, starts, count) -> {
            for (int i = 0; i < count; i++) {
                long left = a.getLong(starts[0] + (long) i * steps[0]);
                y.setLong(out + i, integer.applyAsLong(left, b.getLong(starts[1] + (long) i * steps[1])));
            }
        };
    }

    private static DoubleBinaryOperator real(BinaryFunction function) {
        return switch (function) {
            case ADD -> Double::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case POW -> (a, b) -> b == 2 ? a * a : Math.pow(a, b);
            case PRELU -> (x, slope) -> x < 0 ? slope * x : x;
            case AND -> (a, b) -> truth(a != 0 && b != 0);
            case OR -> (a, b) -> truth(a != 0 || b != 0);
            case XOR -> (a, b) -> truth((a != 0) != (b != 0));
            case EQUAL -> (a, b) -> truth(a == b);
            case GREATER -> (a, b) -> truth(a > b);
            case GREATER_OR_EQUAL -> (a, b) -> truth(a >= b);
            case LESS -> (a, b) -> truth(a < b);
            case LESS_OR_EQUAL -> (a, b) -> truth(a <= b);
        };
    }

    private static LongBinaryOperator integer(BinaryFunction function) {
        return switch (function) {
            case ADD -> Long::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / requireNonZero(b);
            case POW -> BinaryKernel::power;
            case PRELU -> (x, slope) -> x < 0 ? slope * x : x;
            case AND -> (a, b) -> truth(a != 0 && b != 0);
            case OR -> (a, b) -> truth(a != 0 || b != 0);
            case XOR -> (a, b) -> truth((a != 0) != (b != 0));
            case EQUAL -> (a, b) -> truth(a == b);
            case GREATER -> (a, b) -> truth(a > b);
            case GREATER_OR_EQUAL -> (a, b) -> truth(a >= b);
            case LESS -> (a, b) -> truth(a < b);
            case LESS_OR_EQUAL -> (a, b) -> truth(a <= b);
        };
    }

    private static LongBinaryOperator unsigned64(BinaryFunction function) {
        return switch (function) {
            case DIV -> (a, b) -> Long.divideUnsigned(a, requireNonZero(b));
            case PRELU -> (x, _) -> x;
            case GREATER -> (a, b) -> truth(Long.compareUnsigned(a, b) > 0);
            case GREATER_OR_EQUAL -> (a, b) -> truth(Long.compareUnsigned(a, b) >= 0);
            case LESS -> (a, b) -> truth(Long.compareUnsigned(a, b) < 0);
            case LESS_OR_EQUAL -> (a, b) -> truth(Long.compareUnsigned(a, b) <= 0);
            case ADD, SUB, MUL, POW, AND, OR, XOR, EQUAL -> integer(function);
        };
    }

    private static int truth(boolean value) {
        return value ? 1 : 0;
    }

    private static long requireNonZero(long divisor) {
        if (divisor == 0) {
            throw ModelException.data("integer division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        if (exponent < 0) {
            return (long) Math.pow(base, exponent);
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }
}
