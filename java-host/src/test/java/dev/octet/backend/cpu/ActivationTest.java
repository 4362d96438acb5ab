package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.graph.op.Activation;
import dev.octet.graph.op.ActivationFunction;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.IsInf;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
    /** A unit in the last place of fp32, relative. */
    private static final double ULP = 0x1p-23;

    private static float apply(ActivationFunction function, List<Float> parameters, float x) {
        return OneNode.run(new Activation(function, parameters), Tensor.scalar(x))
                .getFloat(0);
    }

    private static List<Float> parameters(ActivationFunction function, float first, float second) {
        return switch (function) {
            case SELU, HARD_SIGMOID, SHRINK -> List.of(first, second);
            case LEAKY_RELU, ELU, CELU, THRESHOLDED_RELU, SWISH -> List.of(first);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "LEAKY_RELU, 0.25, 0, -2, -0.5",
        "LEAKY_RELU, 0.25, 0, 2, 2",
        "ELU, 2, 0, -1, -1.2642411",
        "ELU, 2, 0, 3, 3",
        "SELU, 2, 3, -1, -3.7927234",
        "SELU, 2, 3, 1, 3",
        "CELU, 2, 0, -2, -1.2642411",
        "CELU, 2, 0, 5, 5",
        "HARD_SIGMOID, 0.5, 0.6, 0.2, 0.7",
        "HARD_SIGMOID, 0.5, 0.6, -2, 0",
        "HARD_SIGMOID, 0.5, 0.6, 9, 1",
        "THRESHOLDED_RELU, 2, 0, 2, 0",
        "THRESHOLDED_RELU, 2, 0, 2.5, 2.5",
        "SHRINK, 1.5, 1, -3, -1.5",
        "SHRINK, 1.5, 1, 0.5, 0",
        "SHRINK, 1.5, 1, 3, 1.5",
        "SWISH, 2, 0, 1, 0.88079708"
    })
    void run_value_followsDefinition(ActivationFunction function, float first, float second, float x, float expected) {
        float actual = apply(function, parameters(function, first, second), x);

        assertEquals(expected, actual, Math.abs(expected) * ULP);
    }

    @ParameterizedTest
    @EnumSource(ActivationFunction.class)
    void run_nan_staysNan(ActivationFunction function) {
        assertTrue(Float.isNaN(apply(function, parameters(function, 0.5f, 0.25f), Float.NaN)));
    }

    @ParameterizedTest
    @CsvSource({"false, 1, 0.84134475", "false, -2, -0.04550026", "true, 1, 0.841192", "true, -2, -0.04540231"})
    void gelu_value_followsDefinition(boolean tanh, float x, float expected) {
        float actual = OneNode.run(new Gelu(tanh), Tensor.scalar(x)).getFloat(0);

        assertEquals(expected, actual, 1e-7f);
    }

    @Test
    void isInf_oneSign_ignoresTheOther() {
        Tensor x = Tensor.ofFloats(
                Shape.of(4), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.MAX_VALUE);

        Tensor y = OneNode.run(new IsInf(false, true), x);

        assertEquals(DType.BOOL, y.dtype());
        assertArrayEquals(new long[] {1, 0, 0, 0}, y.toLongs());
    }
}
