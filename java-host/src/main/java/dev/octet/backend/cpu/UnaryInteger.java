package dev.octet.backend.cpu;

import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.function.LongUnaryOperator;

/** The functions of {@link Unary} that integers and bool have: exact, wrapping around. */
final class UnaryInteger implements Kernel {
    static final KernelFactory FACTORY = new KernelFactory(
            "java_unary_integer",
            spec -> !spec.inputs().dtype(0).isFloat()
                    && hasIntegerForm(((Unary) spec.node().op()).function()),
            spec -> new UnaryInteger(((Unary) spec.node().op()).function()));

    private final UnaryFunction function;

    private UnaryInteger(UnaryFunction function) {
        this.function = function;
    }

    private static boolean hasIntegerForm(UnaryFunction function) {
        return switch (function) {
            case ABS, NEG, NOT, RELU, SIGN -> true;
            case CEIL, COS, ERF, EXP, FLOOR, HARD_SWISH, IS_NAN, LOG, MISH -> false;
            case RECIPROCAL, ROUND, SIGMOID, SIN, SOFTPLUS, SOFTSIGN, SQRT, TANH -> false;
        };
    }

    private static LongUnaryOperator operator(UnaryFunction function, DType dtype) {
        boolean signed = dtype.isSigned();
        return switch (function) {
            case ABS -> x -> signed ? Math.abs(x) : x;
            case NEG -> x -> -x;
            case NOT -> x -> x == 0 ? 1 : 0;
            case RELU -> x -> signed ? Math.max(x, 0) : x;
            case SIGN -> x -> signed ? Long.signum(x) : x == 0 ? 0 : 1;
            case CEIL, COS, ERF, EXP, FLOOR, HARD_SWISH, IS_NAN, LOG, MISH -> throw noIntegerForm(function);
            case RECIPROCAL, ROUND, SIGMOID, SIN, SOFTPLUS, SOFTSIGN, SQRT, TANH -> throw noIntegerForm(function);
        };
    }

    private static IllegalStateException noIntegerForm(UnaryFunction function) {
        return new IllegalStateException(function + " has no integer form");
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        LongUnaryOperator operator = operator(function, x.dtype());
        Chunks.forEach(workers, x.elementCount(), (from, to) -> {
            for (long i = from; i < to; i++) {
                y.setLong(i, operator.applyAsLong(x.getLong(i)));
            }
        });
    }
}
