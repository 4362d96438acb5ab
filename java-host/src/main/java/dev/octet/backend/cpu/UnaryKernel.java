package dev.octet.backend.cpu;

import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** {@link Unary} for every type: floats as {@link RealFunctions} says, integers exactly and wrapping around. */
final class UnaryKernel implements Kernel {
    static final KernelFactory FACTORY = new KernelFactory(
            "java_unary",
            spec -> spec.inputs().dtype(0).isFloat()
                    || hasIntegerForm(((Unary) spec.node().op()).function()),
            spec -> new UnaryKernel(((Unary) spec.node().op()).function()));

    private final UnaryFunction function;
    private final DoubleUnaryOperator real;

    private UnaryKernel(UnaryFunction function) {
        this.function = function;
        this.real = RealFunctions.of(function);
    }

    private static boolean hasIntegerForm(UnaryFunction function) {
        return switch (function) {
            case ABS, NEG, NOT, RELU, SIGN -> true;
            case CEIL, COS, ERF, EXP, FLOOR, HARD_SWISH, IS_NAN, LOG, MISH -> false;
            case RECIPROCAL, ROUND, SIGMOID, SIN, SOFTPLUS, SOFTSIGN, SQRT, TANH -> false;
        };
    }

    private static LongUnaryOperator integer(UnaryFunction function, DType dtype) {
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
        Chunks.forEach(workers, x.elementCount(), chunk(x, y));
    }

    private Chunks.Body chunk(Tensor x, Tensor y) {
        if (!x.dtype().isFloat()) {
            LongUnaryOperator integer = integer(function, x.dtype());
            return (from, to) -> {
                for (long i = from; i < to; i++) {
                    y.setLong(i, integer.applyAsLong(x.getLong(i)));
                }
            };
        }
        if (x.dtype() == DType.F32 && y.dtype() == DType.F32) {
            return function == UnaryFunction.RELU
                    ? (from, to) -> relu(x.data(), y.data(), from, (int) (to - from))
                    : (from, to) -> mapF32(x.data(), y.data(), from, (int) (to - from));
        }
        return (from, to) -> {
            for (long i = from; i < to; i++) {
                y.setDouble(i, real.applyAsDouble(x.getDouble(i)));
            }
        };
    }

    private void mapF32(MemorySegment x, MemorySegment y, long from, int count) {
        DoubleUnaryOperator f = real;
        for (int i = 0; i < count; i++) {
            long at = (from + i) * Float.BYTES;
            y.set(Tensor.F32_LAYOUT, at, (float) f.applyAsDouble(x.get(Tensor.F32_LAYOUT, at)));
        }
    }

    private static void relu(MemorySegment x, MemorySegment y, long from, int count) {
        for (int i = 0; i < count; i++) {
            long at = (from + i) * Float.BYTES;
            y.set(Tensor.F32_LAYOUT, at, Math.max(x.get(Tensor.F32_LAYOUT, at), 0f));
        }
    }
}
