package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UnaryTest {
    /** Half a unit in the last place of fp32: functions are computed in fp64 and rounded once. */
    private static final double HALF_ULP = 0x1p-24;

    private static float one(UnaryFunction function, float x) {
        return OneNode.run(new Unary(function), Tensor.scalar(x)).getFloat(0);
    }

    @ParameterizedTest
    @CsvSource({
        // 20 digits from the series 2/sqrt(pi) * sum((-1)^n x^(2n+1) / (n! (2n+1)))
        "1e-3, 0.0011283787909692363799",
        "0.25, 0.27632639016823693299",
        "0.5, 0.52049987781304653768",
        "1, 0.84270079294971486934",
        "2.5, 0.99959304798255504106",
        "-1.5, -0.96610514647531072707",
        "7, 1"
    })
    void erf_value_isAccurateToHalfAnUlp(float x, double expected) {
        double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-(double) x * x);
        double inputRounding = Math.abs(x) * HALF_ULP * slope;

        float actual = one(UnaryFunction.ERF, x);

        assertEquals(expected, actual, Math.abs(expected) * HALF_ULP * 1.0001 + inputRounding);
    }

    @ParameterizedTest
    @CsvSource({
        "ROUND, 0.5, 0",
        "ROUND, 1.5, 2",
        "ROUND, -2.5, -2",
        "CEIL, -1.5, -1",
        "FLOOR, -1.5, -2",
        "RELU, -3, 0",
        "RELU, 3, 3",
        "SIGN, -7, -1",
        "ABS, -7, 7",
        "NEG, 7, -7",
        "RECIPROCAL, 4, 0.25",
        "HARD_SWISH, -4, -0",
        "HARD_SWISH, 4, 4",
        "HARD_SWISH, 1.5, 1.125",
        "SOFTSIGN, -3, -0.75",
        "SIGMOID, 0, 0.5",
        "SOFTPLUS, 100, 100",
        "SOFTPLUS, -200, 0",
        "TANH, 40, 1"
    })
    void run_float_givesExactValue(UnaryFunction function, float x, float expected) {
        assertEquals(expected, one(function, x));
    }

    @ParameterizedTest
    @EnumSource(
            value = UnaryFunction.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOT", "IS_NAN"})
    void run_nan_staysNan(UnaryFunction function) {
        assertTrue(Float.isNaN(one(function, Float.NaN)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F16", "BF16"})
    void run_otherFloatTypes_roundTheSameFunction(DType dtype) {
        long seed = 11;
        Tensor x = TestTensors.uniform(dtype, Shape.of(3, 7), 4, seed);

        Tensor y = OneNode.run(new Unary(UnaryFunction.TANH), x);

        Tensor expected = Tensor.allocate(dtype, x.shape());
        for (int i = 0; i < 21; i++) {
            expected.setDouble(i, Math.tanh(x.getDouble(i)));
        }
        assertTrue(expected.contentEquals(y), "seed " + seed);
    }

    @Test
    void run_integers_areExact() {
        Tensor x = Tensor.ofBytes(DType.S8, Shape.of(4), (byte) -128, (byte) -1, (byte) 0, (byte) 127);

        assertArrayEquals(
                new long[] {-128, 1, 0, 127},
                OneNode.run(new Unary(UnaryFunction.ABS), x).toLongs());
        assertArrayEquals(
                new long[] {-128, 1, 0, -127},
                OneNode.run(new Unary(UnaryFunction.NEG), x).toLongs());
        assertArrayEquals(
                new long[] {-1, -1, 0, 1},
                OneNode.run(new Unary(UnaryFunction.SIGN), x).toLongs());
        assertArrayEquals(
                new long[] {0, 0, 0, 127},
                OneNode.run(new Unary(UnaryFunction.RELU), x).toLongs());
    }

    @Test
    void sign_largeUnsigned_isOne() {
        Tensor x = Tensor.allocate(DType.U64, Shape.of(2));
        x.setLong(0, -1);

        assertArrayEquals(
                new long[] {1, 0}, OneNode.run(new Unary(UnaryFunction.SIGN), x).toLongs());
    }

    @Test
    void predicates_giveBool() {
        Tensor nan = OneNode.run(new Unary(UnaryFunction.IS_NAN), Tensor.ofFloats(Shape.of(2), Float.NaN, 1));
        Tensor not =
                OneNode.run(new Unary(UnaryFunction.NOT), Tensor.ofBytes(DType.BOOL, Shape.of(2), (byte) 1, (byte) 0));

        assertEquals(DType.BOOL, nan.dtype());
        assertArrayEquals(new long[] {1, 0}, nan.toLongs());
        assertArrayEquals(new long[] {0, 1}, not.toLongs());
    }

    @Test
    void run_severalChunks_coverEveryElement() {
        long seed = 3;
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(3, 13_001), 9, seed);

        Tensor y = OneNode.run(new Unary(UnaryFunction.RELU), x);

        for (int i = 0; i < x.elementCount(); i++) {
            assertEquals(Math.max(0, x.getFloat(i)), y.getFloat(i), "seed " + seed + " element " + i);
        }
    }

    @Test
    void run_emptyTensor_givesEmptyTensor() {
        Tensor y = OneNode.run(new Unary(UnaryFunction.EXP), Tensor.allocate(DType.F32, Shape.of(2, 0, 3)));

        assertEquals(Shape.of(2, 0, 3), y.shape());
    }
}
