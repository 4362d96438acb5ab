package dev.octet.backend.cuda;

import dev.octet.graph.op.Activation;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import java.util.Optional;

/** Elementwise functions of one float tensor: {@code unary.cu}. */
final class UnaryCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_unary", UnaryCuda::supports, UnaryCuda::new);

    private static final int VECTOR_BYTES = 16;

    private final Formula formula;
    private final KernelFunction function;
    private final long count;
    private final int width;

    /**
     * A function of {@code unary.cu}.
     *
     * @param math whether it is one of {@code unary_math}
     * @param code its number there
     */
    private record Formula(boolean math, int code, float first, float second) {
        static Optional<Formula> exact(int code) {
            return Optional.of(new Formula(false, code, 0, 0));
        }

        static Optional<Formula> exact(int code, float first, float second) {
            return Optional.of(new Formula(false, code, first, second));
        }

        static Optional<Formula> math(int code) {
            return Optional.of(new Formula(true, code, 0, 0));
        }

        static Optional<Formula> math(int code, float first, float second) {
            return Optional.of(new Formula(true, code, first, second));
        }
    }

    private UnaryCuda(CudaDevice device, KernelSpec spec) {
        DType type = spec.inputs().dtype(0);
        this.formula = formula(spec).orElseThrow();
        this.width = formula.math ? 1 : VECTOR_BYTES / (type.bits() / Byte.SIZE);
        this.count = spec.inputs().shape(0).elementCount();
        this.function = device.function((formula.math ? "octet_simt_unary_math_" : "octet_simt_unary_") + type.label());
    }

    private static boolean supports(KernelSpec spec) {
        DType type = spec.inputs().dtype(0);
        return (type == DType.F32 || type == DType.F16) && formula(spec).isPresent();
    }

    private static Optional<Formula> formula(KernelSpec spec) {
        return switch (spec.node().op()) {
            case Unary op -> formula(op.function());
            case Activation op -> formula(op);
            case Gelu op -> Formula.math(op.tanh() ? 5 : 4);
            case Clip _ -> clip(spec);
            default -> throw new IllegalStateException(spec.node().describe());
        };
    }

    private static Optional<Formula> formula(UnaryFunction function) {
        return switch (function) {
            case ABS -> Formula.exact(0);
            case CEIL -> Formula.exact(1);
            case RELU -> Formula.exact(2, 0, Float.POSITIVE_INFINITY);
            case FLOOR -> Formula.exact(3);
            case HARD_SWISH -> Formula.exact(5);
            case NEG -> Formula.exact(7);
            case RECIPROCAL -> Formula.exact(8);
            case ROUND -> Formula.exact(9);
            case SIGN -> Formula.exact(11);
            case SOFTSIGN -> Formula.exact(12);
            case SQRT -> Formula.exact(13);
            case ERF -> Formula.math(2);
            case EXP -> Formula.math(3);
            case LOG -> Formula.math(6);
            case MISH -> Formula.math(7);
            case SIGMOID -> Formula.math(9);
            case SOFTPLUS -> Formula.math(10);
            case TANH -> Formula.math(12);
            case COS, IS_NAN, NOT, SIN -> Optional.empty();
        };
    }

    private static Optional<Formula> formula(Activation op) {
        float first = op.parameters().getFirst();
        float second = op.parameters().getLast();
        return switch (op.function()) {
            case HARD_SIGMOID -> Formula.exact(4, first, second);
            case LEAKY_RELU -> Formula.exact(6, first, 0);
            case SHRINK -> Formula.exact(10, first, second);
            case THRESHOLDED_RELU -> Formula.exact(14, first, 0);
            case CELU -> Formula.math(0, first, 0);
            case ELU -> Formula.math(1, first, 0);
            case SELU -> Formula.math(8, first, second);
            case SWISH -> Formula.math(11, first, 0);
        };
    }

    private static Optional<Formula> clip(KernelSpec spec) {
        if (!KnownInput.isAbsentOrKnown(spec, 1) || !KnownInput.isAbsentOrKnown(spec, 2)) {
            return Optional.empty();
        }
        float low = KnownInput.of(spec, 1).map(limit -> limit.getFloat(0)).orElse(Float.NEGATIVE_INFINITY);
        float high = KnownInput.of(spec, 2).map(limit -> limit.getFloat(0)).orElse(Float.POSITIVE_INFINITY);
        return Formula.exact(2, low, high);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.out(0))
                .s64(count)
                .s32(formula.code)
                .f32(formula.first)
                .f32(formula.second);
        function.launch(stream, Grid.elements(count, width), params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input == 0;
    }
}
