package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.ConstantOfShape;
import dev.octet.graph.op.EyeLike;
import dev.octet.graph.op.NonZero;
import dev.octet.graph.op.OneHot;
import dev.octet.graph.op.Range;
import dev.octet.graph.op.ShapeOf;
import dev.octet.graph.op.Size;
import dev.octet.graph.op.TopK;
import dev.octet.graph.op.Trilu;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorsTest {
    private static List<Tensor> topK(TopK op, Tensor x, long k) {
        return OneNode.run(op, 2, OneNode.Known.NOTHING, OneNode.present(x, Tensor.vector(k)));
    }

    @ParameterizedTest
    @CsvSource({"true,1", "false,1", "true,7", "false,13", "true,13", "true,0"})
    void topK_tiesAndMiddleAxis_isAStableSort(boolean largest, int k) {
        Tensor x = TestTensors.uniform(DType.S8, Shape.of(3, 13, 5), 4, 41);
        Tensor[] expected = {Tensor.allocate(DType.S8, Shape.of(3, k, 5)), Tensor.allocate(DType.S64, Shape.of(3, k, 5))
        };
        for (int row = 0; row < 15; row++) {
            int before = row / 5;
            int after = row % 5;
            Comparator<Integer> byValue = Comparator.comparingDouble(i -> Naive.at(x, before, i, after));
            int[] order = IntStream.range(0, 13)
                    .boxed()
                    .sorted(largest ? byValue.reversed() : byValue)
                    .mapToInt(i -> i)
                    .toArray();
            for (int i = 0; i < k; i++) {
                expected[0].setDouble((before * k + i) * 5L + after, Naive.at(x, before, order[i], after));
                expected[1].setLong((before * k + i) * 5L + after, order[i]);
            }
        }

        List<Tensor> actual = topK(new TopK(-2, largest, true), x, k);

        assertArrayEquals(expected[0].toLongs(), actual.get(0).toLongs());
        assertArrayEquals(expected[1].toLongs(), actual.get(1).toLongs());
    }

    @Test
    void topK_specialValues_areOrdered() {
        Tensor x = Tensor.ofFloats(Shape.of(6), 1, Float.NaN, -0f, 0f, Float.NEGATIVE_INFINITY, -2);
        Tensor wide = Tensor.allocate(DType.U64, Shape.of(2));
        wide.setLong(0, 5);
        wide.setLong(1, -1);

        assertArrayEquals(
                new long[] {1, 0, 2, 3, 5, 4},
                topK(new TopK(0, true, true), x, 6).get(1).toLongs());
        assertArrayEquals(
                new long[] {4, 5, 2},
                topK(new TopK(0, false, true), x, 3).get(1).toLongs());
        assertArrayEquals(
                new long[] {1}, topK(new TopK(0, true, true), wide, 1).get(1).toLongs());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 10, 3, 3",
        "10, 1, -4, 3",
        "1, 10, -1, 0",
        "5, 5, 1, 0",
        "-9223372036854775808, 9223372036854775807, 4611686018427387904, 4",
        "0, 9, 3, 3"
    })
    void range_integers_countsExactly(long start, long limit, long delta, int count) {
        Tensor y = OneNode.run(new Range(), scalar(start), scalar(limit), scalar(delta));

        assertArrayEquals(
                IntStream.range(0, count).mapToLong(i -> start + i * delta).toArray(), y.toLongs());
    }

    private static Tensor scalar(long value) {
        return Tensor.ofLongs(Shape.SCALAR, value);
    }

    @Test
    void range_floats_roundOnce() {
        Tensor y = OneNode.run(new Range(), Tensor.scalar(1f), Tensor.scalar(2f), Tensor.scalar(0.1f));

        assertEquals(10, y.elementCount());
        assertEquals((float) (1 + 9 * (double) 0.1f), y.getFloat(9));
    }

    @Test
    void range_impossible_isRefused() {
        assertEquals(
                ModelException.Kind.DATA,
                assertThrows(ModelException.class, () -> OneNode.run(new Range(), scalar(0), scalar(1), scalar(0)))
                        .kind());
        assertEquals(
                ModelException.Kind.LIMIT,
                assertThrows(
                                ModelException.class,
                                () -> OneNode.run(
                                        new Range(), scalar(Long.MIN_VALUE), scalar(Long.MAX_VALUE), scalar(1)))
                        .kind());
        assertEquals(
                ModelException.Kind.DATA,
                assertThrows(
                                ModelException.class,
                                () -> OneNode.run(
                                        new Range(), Tensor.scalar(0f), Tensor.scalar(Float.NaN), Tensor.scalar(1f)))
                        .kind());
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "S64", "U8", "S4", "BOOL"})
    void constantOfShape_anyType_fills(DType dtype) {
        Tensor y = OneNode.run(new ConstantOfShape(Tensor.scalar(dtype, 1)), Tensor.vector(3, 5));

        assertEquals(dtype.label() + "[3,5]", y.toString());
        for (int i = 0; i < 15; i++) {
            assertEquals(1, y.getDouble(i));
        }
        assertEquals(
                Shape.SCALAR,
                OneNode.run(new ConstantOfShape(Tensor.scalar(dtype, 1)), Tensor.vector())
                        .shape());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, -2, -3, 2})
    void oneHot_anyAxis_marksIndices(long axis) {
        Tensor indices = Tensor.ofLongs(Shape.of(2, 3), 0, -1, 4, 9, -6, 2);
        int along = Math.floorMod(axis, 3);
        long[] dims = along == 0 ? new long[] {5, 2, 3} : along == 1 ? new long[] {2, 5, 3} : new long[] {2, 3, 5};
        Tensor expected = Naive.tensor(DType.F32, Shape.of(dims), at -> {
            long row = along == 0 ? at[1] : at[0];
            long column = along == 2 ? at[1] : at[2];
            long index = (long) Naive.at(indices, row, column);
            return at[along] == (index < 0 ? index + 5 : index) ? 8 : 3;
        });

        Tensor actual = OneNode.run(new OneHot(axis), indices, Tensor.vector(5), Tensor.ofFloats(Shape.of(2), 3, 8));

        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toFloats(), actual.toFloats());
    }

    @Test
    void nonZero_matrixAndScalar_listsPositions() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 3), 0, Float.NaN, -0f, 1, 0, -5);

        Tensor y = OneNode.run(new NonZero(), x);

        assertEquals(Shape.of(2, 3), y.shape());
        assertArrayEquals(new long[] {0, 1, 1, 1, 0, 2}, y.toLongs());
        assertEquals(
                "s64[2,0]",
                OneNode.run(new NonZero(), Tensor.allocate(DType.U8, Shape.of(0, 4)))
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 3, -9, 100, Long.MAX_VALUE, Long.MIN_VALUE})
    void trilu_anyDiagonal_keepsOneSide(long k) {
        Tensor x = OneNode.run(new Range(), scalar(1), scalar(61), scalar(1)).reshape(Shape.of(3, 4, 5));
        double diagonal = k;
        Tensor upper = Naive.tensor(DType.S64, x.shape(), at -> at[2] - at[1] >= diagonal ? Naive.at(x, at) : 0);
        Tensor lower = Naive.tensor(DType.S64, x.shape(), at -> at[2] - at[1] <= diagonal ? Naive.at(x, at) : 0);

        assertArrayEquals(
                upper.toLongs(), OneNode.run(new Trilu(true), x, scalar(k)).toLongs());
        assertArrayEquals(
                lower.toLongs(), OneNode.run(new Trilu(false), x, scalar(k)).toLongs());
    }

    @Test
    void eyeLike_shiftedDiagonal_hasOnes() {
        Tensor x = Tensor.allocate(DType.F64, Shape.of(2, 4));

        Tensor y = OneNode.run(new EyeLike(Optional.of(DType.U8), -1), x);

        assertEquals("u8[2,4]", y.toString());
        assertArrayEquals(new long[] {0, 0, 0, 0, 1, 0, 0, 0}, y.toLongs());
        assertEquals(DType.F64, OneNode.run(new EyeLike(Optional.empty(), 0), x).dtype());
    }

    @Test
    void shapeAndSize_emptyAxis_countsIt() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(3, 0, 5));

        assertArrayEquals(new long[] {0}, OneNode.run(new Size(), x).toLongs());
        assertArrayEquals(new long[] {0, 5}, OneNode.run(new ShapeOf(1, 9), x).toLongs());
    }
}
