package dev.octet.backend.cuda;

import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.VariadicFunction;
import dev.octet.graph.op.Where;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class BinaryCudaTest {
    private static final long SEED = 83;

    /** Pairs that broadcast: equal, scalars, rows, columns, odd and vectorizable extents, ranks 0 to 6, empty. */
    private static final List<List<Shape>> PAIRS = List.of(
            List.of(Shape.SCALAR, Shape.SCALAR),
            List.of(Shape.of(1), Shape.of(1)),
            List.of(Shape.of(2, 3, 16), Shape.of(2, 3, 16)),
            List.of(Shape.of(1027), Shape.SCALAR),
            List.of(Shape.SCALAR, Shape.of(5, 7)),
            List.of(Shape.of(4, 64), Shape.of(64)),
            List.of(Shape.of(5, 13), Shape.of(13)),
            List.of(Shape.of(4, 16), Shape.of(4, 1)),
            List.of(Shape.of(3, 1, 7), Shape.of(1, 5, 1)),
            List.of(Shape.of(2, 1, 3, 1, 2, 8), Shape.of(3, 3, 1, 2, 8)),
            List.of(Shape.of(0, 3), Shape.of(3)));

    private static CudaOracle oracle(BinaryFunction function) {
        return CudaOracle.of(new Binary(function));
    }

    private static Tensor uniform(DType dtype, Shape shape, long seed) {
        return TestTensors.uniform(dtype, shape, 3, seed);
    }

    @ParameterizedTest
    @EnumSource(
            value = BinaryFunction.class,
            names = {
                "ADD",
                "SUB",
                "MUL",
                "DIV",
                "PRELU",
                "EQUAL",
                "GREATER",
                "GREATER_OR_EQUAL",
                "LESS",
                "LESS_OR_EQUAL"
            })
    void binary_fp32Broadcast_equalsTheOracle(BinaryFunction function) {
        for (List<Shape> pair : PAIRS) {
            Tensor a = uniform(DType.F32, pair.get(0), SEED);
            Tensor b = uniform(DType.F32, pair.get(1), SEED + 1);

            oracle(function).exact(a, b);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BinaryFunction.class,
            names = {"ADD", "SUB", "MUL", "DIV"})
    void binary_fp16Broadcast_roundsOnce(BinaryFunction function) {
        for (List<Shape> pair : PAIRS) {
            Tensor a = uniform(DType.F16, pair.get(0), SEED);
            Tensor b = uniform(DType.F16, pair.get(1), SEED + 1);

            oracle(function).exact(a, b);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BinaryFunction.class,
            names = {"ADD", "SUB", "MUL", "PRELU", "EQUAL", "GREATER", "LESS_OR_EQUAL"})
    void binary_integers_wrapAround(BinaryFunction function) {
        for (DType dtype : List.of(DType.S32, DType.S64)) {
            Tensor a = TestTensors.integers(dtype, Shape.of(3, 1, 7), SEED);
            Tensor b = TestTensors.integers(dtype, Shape.of(5, 1), SEED + 1);
            b.setLong(0, a.getLong(0));

            oracle(function).exact(a, b);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BinaryFunction.class,
            names = {"AND", "OR", "XOR"})
    void binary_logic_equalsTheOracle(BinaryFunction function) {
        Tensor a = Tensor.ofBytes(DType.BOOL, Shape.of(2, 2), (byte) 0, (byte) 0, (byte) 1, (byte) 1);
        Tensor b = Tensor.ofBytes(DType.BOOL, Shape.of(2), (byte) 0, (byte) 1);

        oracle(function).exact(a, b);
    }

    @ParameterizedTest
    @EnumSource(
            value = BinaryFunction.class,
            names = {"ADD", "SUB", "MUL", "DIV", "PRELU", "EQUAL", "GREATER", "LESS_OR_EQUAL"})
    void binary_specialValues_equalsTheOracle(BinaryFunction function) {
        Tensor a = specials(Shape.of(8, 1));
        Tensor b = specials(Shape.of(8));

        oracle(function).passesNan().exact(a, b);
    }

    private static Tensor specials(Shape shape) {
        return Tensor.ofFloats(
                shape, 0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE);
    }

    @Test
    void power_squares_areProducts() {
        Tensor x = uniform(DType.F32, Shape.of(3, 37), SEED);

        oracle(BinaryFunction.POW).constants(1).exact(x, Tensor.scalar(2f));
    }

    @Test
    void power_positiveBases_areWithinFiveUnits() {
        // CUDA's powf is within 4 units in the last place; the oracle rounds once more.
        CudaOracle.Tolerance units = new CudaOracle.Tolerance(Float.MIN_VALUE, 5 * 0x1p-23);
        Tensor x = uniform(DType.F32, Shape.of(31, 1), SEED);
        for (int i = 0; i < x.elementCount(); i++) {
            x.setFloat(i, Math.abs(x.getFloat(i)));
        }

        oracle(BinaryFunction.POW).within(units, x, uniform(DType.F32, Shape.of(17), SEED + 1));
    }

    @Test
    void power_specialValues_areJavas() {
        oracle(BinaryFunction.POW).passesNan().exact(specials(Shape.of(8, 1)), specials(Shape.of(8)));
    }

    @ParameterizedTest
    @EnumSource(
            value = VariadicFunction.class,
            names = {"MAX", "MIN", "SUM"})
    void variadic_ofTwo_equalsTheOracle(VariadicFunction function) {
        Tensor a = specials(Shape.of(8, 1));
        Tensor b = specials(Shape.of(8));

        CudaOracle.of(new Variadic(function)).passesNan().exact(a, b);
    }

    @Test
    void where_everyWidth_equalsTheOracle() {
        Tensor condition = Tensor.ofBytes(DType.BOOL, Shape.of(3, 1), (byte) 1, (byte) 0, (byte) 1);
        for (DType dtype : List.of(DType.U8, DType.F16, DType.S32, DType.S64)) {
            Tensor a = uniform(dtype, Shape.of(2, 3, 5), SEED);
            Tensor b = uniform(dtype, Shape.of(5), SEED + 1);

            CudaOracle.of(new Where()).exact(condition, a, b);
        }
    }
}
