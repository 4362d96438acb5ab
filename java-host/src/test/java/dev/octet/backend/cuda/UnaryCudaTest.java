package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Activation;
import dev.octet.graph.op.ActivationFunction;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions of one tensor. Tolerances count units in the last place: CUDA's expf, logf, expm1f, log1pf and tanhf are within
 * 2 of them, each further operation adds half a unit, and the oracle rounds the exact result once.
 */
@Tag("cuda")
class UnaryCudaTest {
    private static final long SEED = 29;
    private static final double RANGE = 8;
    private static final double UNIT = 0x1p-23;

    /** Where fp32's exp overflows, or its result is subnormal, the oracle's fp64 still has a value below this. */
    private static final double TINY = 0x1p-125;

    private static Tensor specials() {
        return Tensor.ofFloats(
                Shape.of(9),
                0f,
                -0f,
                1f,
                -1f,
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                2.5f,
                -3.5f);
    }

    @ParameterizedTest
    @EnumSource(
            value = UnaryFunction.class,
            names = {"ABS", "CEIL", "FLOOR", "NEG", "RECIPROCAL", "RELU", "ROUND", "SIGN", "SQRT"})
    void unary_oneOperation_equalsTheOracle(UnaryFunction function) {
        CudaOracle oracle = CudaOracle.of(new Unary(function)).passesNan();

        for (Shape shape : List.of(Shape.SCALAR, Shape.of(1027), Shape.of(2, 3, 1, 5), Shape.of(0, 4))) {
            oracle.exact(TestTensors.uniform(DType.F32, shape, RANGE, SEED));
            oracle.exact(TestTensors.uniform(DType.F16, shape, RANGE, SEED));
        }
        oracle.exact(specials());
    }

    @ParameterizedTest
    @CsvSource({"ERF, 2.5", "EXP, 3", "LOG, 3", "SIGMOID, 4", "SOFTPLUS, 5", "SOFTSIGN, 2", "TANH, 3", "MISH, 8"})
    void unary_libraryFunction_isWithinUnits(UnaryFunction function, double units) {
        CudaOracle oracle = CudaOracle.of(new Unary(function)).passesNan();
        CudaOracle.Tolerance tolerance = new CudaOracle.Tolerance(TINY, units * UNIT);

        oracle.within(tolerance, TestTensors.uniform(DType.F32, Shape.of(2049), RANGE, SEED));
        oracle.within(tolerance, TestTensors.uniform(DType.F32, Shape.of(513), 100, SEED));
        oracle.within(tolerance, specials());
    }

    @ParameterizedTest
    @EnumSource(
            value = UnaryFunction.class,
            names = {"ERF", "EXP", "LOG", "SIGMOID", "TANH"})
    void unary_fp16_isWithinOneUnit(UnaryFunction function) {
        CudaOracle.Tolerance unit = new CudaOracle.Tolerance(0x1p-24, 0x1p-10);

        CudaOracle.of(new Unary(function))
                .passesNan()
                .within(unit, TestTensors.uniform(DType.F16, Shape.of(1027), RANGE, SEED));
    }

    @Test
    void erf_stepsOfTheCpusVectorKernel_givesItsBits() {
        CudaOracle oracle =
                CudaOracle.of(new Unary(UnaryFunction.ERF)).passesNan().against("avx2");

        oracle.exact(TestTensors.uniform(DType.F32, Shape.of(20_011), 5, SEED));
        oracle.exact(specials());
    }

    @Test
    void hardSwish_everywhere_isWithinItsFactorsRounding() {
        // The factor has two roundings of at most half a unit of 1; the product scales them.
        CudaOracle.Tolerance tolerance = new CudaOracle.Tolerance(RANGE * UNIT, UNIT);

        CudaOracle.of(new Unary(UnaryFunction.HARD_SWISH))
                .within(tolerance, TestTensors.uniform(DType.F32, Shape.of(1027), RANGE, SEED));
    }

    @Test
    void relu_negativeZero_becomesZero() {
        List<Tensor> results =
                CudaOracle.of(new Unary(UnaryFunction.RELU)).onDevice(CudaOracle.present(Tensor.scalar(-0f)));

        assertThat(Float.floatToRawIntBits(results.getFirst().getFloat(0))).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = ActivationFunction.class,
            names = {"LEAKY_RELU", "THRESHOLDED_RELU", "SHRINK"})
    void activation_oneOperation_equalsTheOracle(ActivationFunction function) {
        List<Float> parameters = function == ActivationFunction.SHRINK ? List.of(0.3f, 0.7f) : List.of(0.3f);

        CudaOracle.of(new Activation(function, parameters))
                .exact(TestTensors.uniform(DType.F32, Shape.of(3, 343), RANGE, SEED));
    }

    @ParameterizedTest
    @CsvSource({"ELU, 3", "SELU, 4", "CELU, 4", "SWISH, 12", "HARD_SIGMOID, 2"})
    void activation_severalOperations_isWithinUnits(ActivationFunction function, double units) {
        boolean two = function == ActivationFunction.SELU || function == ActivationFunction.HARD_SIGMOID;
        List<Float> parameters = two ? List.of(0.3f, 0.55f) : List.of(1.3f);
        // Near 0 a hard sigmoid differs by the rounding of terms of about 1.
        double absolute = function == ActivationFunction.HARD_SIGMOID ? 2 * UNIT : TINY;

        CudaOracle.of(new Activation(function, parameters))
                .within(
                        new CudaOracle.Tolerance(absolute, units * UNIT),
                        TestTensors.uniform(DType.F32, Shape.of(3, 343), RANGE, SEED));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gelu_bothForms_isWithinTheRoundingOfItsFactor(boolean tanh) {
        // 1 + erf, and 1 + tanh, are within 4 units of 1; half of x scales them.
        CudaOracle.Tolerance tolerance = new CudaOracle.Tolerance(0.5 * RANGE * 4 * UNIT, 2 * UNIT);

        CudaOracle.of(new Gelu(tanh)).within(tolerance, TestTensors.uniform(DType.F32, Shape.of(1027), RANGE, SEED));
    }

    @Test
    void clip_limits_equalsTheOracle() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(37), RANGE, SEED);
        CudaOracle oracle = CudaOracle.of(new Clip()).constants(1, 2).passesNan();

        oracle.exact(x, Tensor.scalar(-1f), Tensor.scalar(2f));
        oracle.exact(specials(), Tensor.scalar(2f), Tensor.scalar(-1f));
        oracle.exact(List.of(Optional.of(x), Optional.empty(), Optional.of(Tensor.scalar(0.5f))));
    }

    @ParameterizedTest
    @CsvSource({
        "F32,F16",
        "F16,F32",
        "F32,S64",
        "F32,S32",
        "F32,BOOL",
        "S64,F32",
        "S64,S32",
        "S64,BOOL",
        "S32,F32",
        "S32,S64",
        "U8,F32",
        "S8,F32",
        "BOOL,F32",
        "BOOL,S64"
    })
    void cast_everyPair_equalsTheOracle(DType from, DType to) {
        Tensor x = from.isInteger() && from.bits() > 8
                ? TestTensors.integers(from, Shape.of(3, 41), SEED)
                : TestTensors.uniform(from, Shape.of(3, 41), 100, SEED);

        CudaOracle.of(new Cast(to)).exact(x);
    }

    @Test
    void cast_toTheSameType_copies() {
        CudaOracle.of(new Cast(DType.S8)).exact(TestTensors.integers(DType.S8, Shape.of(3, 41), SEED));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F16", "S64", "S32", "BOOL"})
    void cast_specialFloats_equalsTheOracle(DType to) {
        Tensor x = Tensor.ofFloats(
                Shape.of(8), Float.NaN, 1e30f, -1e30f, 3e9f, -3e9f, -0f, Float.POSITIVE_INFINITY, 65520f);

        CudaOracle.of(new Cast(to)).passesNan().exact(x);
    }
}
