package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BinaryTest {
    record Case(Shape a, Shape b) {}

    static List<Case> broadcasts() {
        return List.of(
                new Case(Shape.of(2, 3, 5, 7), Shape.of(2, 3, 5, 7)),
                new Case(Shape.of(2, 3, 5, 7), Shape.of(3, 1, 1)),
                new Case(Shape.of(3, 1, 1), Shape.of(2, 3, 5, 7)),
                new Case(Shape.of(2, 3, 5, 7), Shape.of(7)),
                new Case(Shape.of(2, 3, 5, 7), Shape.of(2, 1, 5, 1)),
                new Case(Shape.of(5, 1), Shape.of(1, 7)),
                new Case(Shape.of(5, 1), Shape.SCALAR),
                new Case(Shape.SCALAR, Shape.of(3, 3)),
                new Case(Shape.SCALAR, Shape.SCALAR),
                new Case(Shape.of(1, 1, 1), Shape.of(1)),
                new Case(Shape.of(4, 1, 3), Shape.of(1, 0, 3)),
                new Case(Shape.of(2, 1, 20_011), Shape.of(2, 3, 1)),
                new Case(Shape.of(40_013), Shape.of(1)),
                new Case(Shape.of(9001, 1, 2), Shape.of(1, 2, 2)));
    }

    /** Index into an operand of the given shape for an output position, by the definition of broadcasting. */
    private static long index(Shape operand, Shape output, long flat) {
        long result = 0;
        long stride = 1;
        long rest = flat;
        for (int fromEnd = 1; fromEnd <= output.rank(); fromEnd++) {
            long position = rest % output.dim(-fromEnd);
            rest /= output.dim(-fromEnd);
            if (fromEnd <= operand.rank()) {
                result += operand.dim(-fromEnd) == 1 ? 0 : position * stride;
                stride *= operand.dim(-fromEnd);
            }
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("broadcasts")
    void run_broadcast_followsDefinition(Case shapes) {
        long seed = 5;
        for (DType dtype : List.of(DType.F32, DType.S32)) {
            Tensor a = TestTensors.uniform(dtype, shapes.a, 100, seed);
            Tensor b = TestTensors.uniform(dtype, shapes.b, 100, seed + 1);
            for (BinaryFunction function : List.of(BinaryFunction.ADD, BinaryFunction.SUB, BinaryFunction.MUL)) {
                Tensor y = OneNode.run(new Binary(function), a, b);

                assertEquals(shapes.a.broadcast(shapes.b), y.shape());
                for (long i = 0; i < y.elementCount(); i++) {
                    float left = a.getFloat(index(shapes.a, y.shape(), i));
                    float right = b.getFloat(index(shapes.b, y.shape(), i));
                    float expected = function == BinaryFunction.ADD
                            ? left + right
                            : function == BinaryFunction.SUB ? left - right : left * right;
                    assertEquals(expected, y.getFloat(i), 0f, function + " seed " + seed + " element " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"S8", "S16", "S32", "S64", "U8", "U16", "U32", "U64"})
    void run_integers_wrapAround(DType dtype) {
        Tensor a = Tensor.allocate(dtype, Shape.of(1));
        a.setLong(0, dtype.maxInteger());
        Tensor one = Tensor.scalar(dtype, 1);

        Tensor sum = OneNode.run(new Binary(BinaryFunction.ADD), a, one);

        assertEquals(dtype.minInteger(), sum.getLong(0));
    }

    @ParameterizedTest
    @CsvSource({"-7, 2, -3", "7, -2, -3", "-8, 3, -2"})
    void divide_integers_truncates(int a, int b, int expected) {
        Tensor y = OneNode.run(
                new Binary(BinaryFunction.DIV), Tensor.ofInts(Shape.SCALAR, a), Tensor.ofInts(Shape.SCALAR, b));

        assertEquals(expected, y.getLong(0));
    }

    @Test
    void unsigned64_largeValues_divideAndCompareUnsigned() {
        Tensor large = Tensor.allocate(DType.U64, Shape.SCALAR);
        large.setLong(0, -2);
        Tensor two = Tensor.scalar(DType.U64, 2);

        assertEquals(
                Long.MAX_VALUE,
                OneNode.run(new Binary(BinaryFunction.DIV), large, two).getLong(0));
        assertEquals(
                1, OneNode.run(new Binary(BinaryFunction.GREATER), large, two).getLong(0));
    }

    @Test
    void divide_integerByZero_failsWithDataError() {
        Tensor zero = Tensor.ofInts(Shape.SCALAR, 0);
        Binary divide = new Binary(BinaryFunction.DIV);

        ModelException e = assertThrows(ModelException.class, () -> OneNode.run(divide, zero, zero));

        assertEquals(ModelException.Kind.DATA, e.kind());
    }

    @Test
    void pow_mixedTypes_givesBaseType() {
        Tensor base = Tensor.ofInts(Shape.of(3), 1, 2, -3);
        Tensor exponent = Tensor.ofFloats(Shape.of(3), 4, 5, 3);

        Tensor y = OneNode.run(new Binary(BinaryFunction.POW), base, exponent);

        assertEquals(DType.S32, y.dtype());
        assertArrayEquals(new long[] {1, 32, -27}, y.toLongs());
    }

    @Test
    void pow_largeIntegers_isExact() {
        Tensor y = OneNode.run(
                new Binary(BinaryFunction.POW), Tensor.ofLongs(Shape.of(2), 3, 3), Tensor.ofLongs(Shape.of(2), 39, -1));

        assertArrayEquals(new long[] {4_052_555_153_018_976_267L, 0}, y.toLongs());
    }

    @Test
    void pow_constantTwo_isTheSameBitsAsTheGeneralPower() {
        long seed = 7;
        Tensor two = Tensor.ofFloats(Shape.of(1), 2);
        Tensor random = TestTensors.uniform(DType.F32, Shape.of(3, 1001), 100, seed);
        Tensor corners = Tensor.ofFloats(
                Shape.of(1, 7), -0f, Float.MIN_VALUE, -1e-23f, 3e38f, Float.NEGATIVE_INFINITY, Float.NaN, -1.1f);
        for (Tensor x : List.of(random, corners)) {
            Tensor square = OneNode.runConstant(new Binary(BinaryFunction.POW), x, two);
            Tensor power = OneNode.run(new Binary(BinaryFunction.POW), x, two);

            assertEquals(power.shape(), square.shape());
            assertArrayEquals(power.toFloats(), square.toFloats(), "seed " + seed);
        }
    }

    @Test
    void pow_constantOtherThanTwo_isNotASquare() {
        Tensor y = OneNode.runConstant(
                new Binary(BinaryFunction.POW), Tensor.ofFloats(Shape.of(2), 2, 3), Tensor.ofFloats(Shape.of(2), 2, 3));

        assertArrayEquals(new float[] {4, 27}, y.toFloats());
    }

    @Test
    void compare_nan_isFalse() {
        Tensor nan = Tensor.scalar(Float.NaN);
        for (BinaryFunction function : List.of(
                BinaryFunction.EQUAL,
                BinaryFunction.GREATER,
                BinaryFunction.GREATER_OR_EQUAL,
                BinaryFunction.LESS,
                BinaryFunction.LESS_OR_EQUAL)) {
            assertEquals(0, OneNode.run(new Binary(function), nan, nan).getLong(0), function.name());
        }
    }

    @Test
    void prelu_slopeAChannel_scalesNegatives() {
        Tensor x = Tensor.ofFloats(Shape.of(1, 2, 2), -1, 2, -3, 4);
        Tensor slope = Tensor.ofFloats(Shape.of(2, 1), 0.5f, 2);

        Tensor y = OneNode.run(new Binary(BinaryFunction.PRELU), x, slope);

        assertArrayEquals(new float[] {-0.5f, 2, -6, 4}, y.toFloats());
    }
}
