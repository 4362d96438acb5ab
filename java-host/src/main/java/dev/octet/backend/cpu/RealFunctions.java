package dev.octet.backend.cpu;

import dev.octet.graph.op.UnaryFunction;
import java.util.function.DoubleUnaryOperator;

/** The functions of {@link UnaryFunction} on reals. Float types compute in fp64 and round once. */
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

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** {@code log(exp(x) + 1)} without overflow. */
    static double softplus(double x) {
        return Math.max(x, 0.0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
