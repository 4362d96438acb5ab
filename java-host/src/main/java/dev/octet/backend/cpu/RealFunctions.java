package dev.octet.backend.cpu;

import dev.octet.graph.op.Activation;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.IsInf;
import dev.octet.graph.op.UnaryFunction;
import java.util.function.DoubleUnaryOperator;

/** Elementwise functions of one real. Float types compute in fp64 and round once. */
final class RealFunctions {
    private RealFunctions() {}

    /** The function; one whose result is bool gives 1 or 0. */
    static DoubleUnaryOperator of(UnaryFunction function) {
        return switch (function) {
            case ABS -> Math::abs;
            case CEIL -> Math::ceil;
            case COS -> Math::cos;
            case ERF -> ErrorFunction::erf;
            case EXP -> Math::exp;
            case FLOOR -> Math::floor;
            case HARD_SWISH -> x -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0);
            case IS_NAN -> x -> Double.isNaN(x) ? 1 : 0;
            case LOG -> Math::log;
            case MISH -> x -> x * Math.tanh(softplus(x));
            case NEG -> x -> -x;
            case NOT -> x -> x == 0 ? 1 : 0;
            case RECIPROCAL -> x -> 1 / x;
            case RELU -> x -> Math.max(x, 0.0);
            case ROUND -> Math::rint;
            case SIGMOID -> RealFunctions::sigmoid;
            case SIGN -> Math::signum;
            case SIN -> Math::sin;
            case SOFTPLUS -> RealFunctions::softplus;
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case SQRT -> Math::sqrt;
            case TANH -> Math::tanh;
        };
    }

    static DoubleUnaryOperator of(Activation activation) {
        double first = activation.parameters().get(0);
        double second = activation.parameters().getLast();
        return switch (activation.function()) {
            case LEAKY_RELU -> x -> x < 0 ? first * x : x;
            case ELU -> x -> x < 0 ? first * Math.expm1(x) : x;
            case SELU -> x -> second * (x > 0 ? x : first * Math.expm1(x));
            case CELU -> x -> Math.max(x, 0.0) + Math.min(0.0, first * Math.expm1(x / first));
            case HARD_SIGMOID -> x -> Math.clamp(first * x + second, 0.0, 1.0);
            case THRESHOLDED_RELU -> x -> x <= first ? 0 : x;
            case SHRINK -> x -> x < -second ? x + first : x > second ? x - first : 0 * x;
            case SWISH -> x -> x * sigmoid(first * x);
        };
    }

    static DoubleUnaryOperator of(Gelu gelu) {
        double factor = gelu.tanh() ? Math.sqrt(2 / Math.PI) : Math.sqrt(0.5);
        return gelu.tanh()
                ? x -> 0.5 * x * (1 + Math.tanh(factor * (x + 0.044715 * x * x * x)))
                : x -> 0.5 * x * (1 + ErrorFunction.erf(factor * x));
    }

    static DoubleUnaryOperator of(IsInf op) {
        return x -> Double.isInfinite(x) && (x < 0 ? op.detectNegative() : op.detectPositive()) ? 1 : 0;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** {@code log(exp(x) + 1)} without overflow. */
    static double softplus(double x) {
        return Math.max(x, 0.0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
