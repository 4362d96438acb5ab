package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.op.Compress;
import dev.octet.graph.op.Gather;
import dev.octet.graph.op.GatherElements;
import dev.octet.graph.op.GatherNd;
import dev.octet.graph.op.ReverseSequence;
import dev.octet.graph.op.ScatterElements;
import dev.octet.graph.op.ScatterNd;
import dev.octet.graph.op.ScatterReduction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexingTest {
    private static void assertSame(Tensor expected, Tensor actual) {
        assertEquals(expected.toString(), actual.toString());
        assertArrayEquals(expected.toLongs(), actual.toLongs());
        assertTrue(expected.contentEquals(actual));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "S64", "U8", "U4"})
    void gather_middleAxisNegativeIndices_takesSlices(DType dtype) {
        Tensor x = Naive.counting(dtype, Shape.of(3, 4, 5));
        Tensor indices = Tensor.ofLongs(Shape.of(2, 3), 0, -1, 2, 3, 3, -4);
        Tensor expected = Naive.tensor(dtype, Shape.of(3, 2, 3, 5), at -> {
            long index = (long) Naive.at(indices, at[1], at[2]);
            return Naive.at(x, at[0], index < 0 ? index + 4 : index, at[3]);
        });

        assertSame(expected, OneNode.run(new Gather(-2), x, indices));
    }

    @Test
    void gather_scalarIndex_dropsTheAxis() {
        Tensor x = Naive.counting(DType.F32, Shape.of(3, 2));

        assertSame(Tensor.ofFloats(Shape.of(2), 4, 5), OneNode.run(new Gather(0), x, Tensor.ofInts(Shape.SCALAR, -1)));
        assertEquals("f32[0,2]", OneNode.run(new Gather(0), x, Tensor.vector()).toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 99, -3, Long.MIN_VALUE, Long.MAX_VALUE})
    void gather_indexOutside_isADataFault(long index) {
        Tensor x = Naive.counting(DType.F32, Shape.of(2, 3));

        ModelException e =
                assertThrows(ModelException.class, () -> OneNode.run(new Gather(0), x, Tensor.vector(index)));

        assertEquals(ModelException.Kind.DATA, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains("index " + index), e.getMessage());
    }

    @Test
    void gather_fromEmptyAxis_isADataFault() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(0, 3));

        ModelException e = assertThrows(ModelException.class, () -> OneNode.run(new Gather(0), x, Tensor.vector(0)));

        assertEquals(ModelException.Kind.DATA, e.kind());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1})
    void gatherElements_anyAxis_takesElements(int axis) {
        Tensor x = Naive.counting(DType.S16, Shape.of(4, 4, 5));
        Shape shape = Shape.of(3, 4, 2);
        int along = Math.floorMod(axis, 3);
        Tensor indices = Naive.tensor(DType.S32, shape, at -> (at[0] * 7 + at[1] * 5 + at[2] * 3) % 8 - 4);
        Tensor expected = Naive.tensor(DType.S16, shape, at -> {
            long index = (long) Naive.at(indices, at);
            at[along] = index < 0 ? index + x.shape().dim(along) : index;
            return Naive.at(x, at);
        });

        assertSame(expected, OneNode.run(new GatherElements(axis), x, indices));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0,2", "0,3", "1,1", "1,2", "0,0"})
    void gatherNd_batchAndDepth_takesSlices(int batch, int depth) {
        Tensor x = Naive.counting(DType.F32, Shape.of(2, 3, 4));
        Shape indexShape = batch == 0 ? Shape.of(5, depth) : Shape.of(2, 5, depth);
        Tensor indices = Naive.tensor(DType.S64, indexShape, at -> {
            long extent = x.shape().dim((int) (batch + at[at.length - 1]));
            return (at[at.length - 2] * 3 + at[at.length - 1]) % (2 * extent) - extent;
        });
        long[] tail = Arrays.copyOfRange(x.shape().dims(), batch + depth, 3);
        long[] dims = LongStream.concat(Arrays.stream(indexShape.dims()).limit(batch + 1L), Arrays.stream(tail))
                .toArray();
        Tensor expected = Naive.tensor(DType.F32, Shape.of(dims), at -> {
            long[] from = new long[3];
            System.arraycopy(at, 0, from, 0, batch);
            for (int i = 0; i < depth; i++) {
                long index = (long) (batch == 0 ? Naive.at(indices, at[0], i) : Naive.at(indices, at[0], at[1], i));
                from[batch + i] = index < 0 ? index + x.shape().dim(batch + i) : index;
            }
            System.arraycopy(at, batch + 1, from, batch + depth, tail.length);
            return Naive.at(x, from);
        });

        assertSame(expected, OneNode.run(new GatherNd(batch), x, indices));
    }

    @ParameterizedTest
    @CsvSource({"NONE,9,7", "ADD,16,11", "MUL,54,28", "MAX,9,7", "MIN,1,4"})
    void scatterElements_repeatedIndex_appliesInOrder(ScatterReduction reduction, int first, int last) {
        Tensor x = Tensor.ofInts(Shape.of(1, 3), 1, 2, 4);
        Tensor indices = Tensor.ofLongs(Shape.of(1, 3), 0, -3, -1);
        Tensor updates = Tensor.ofInts(Shape.of(1, 3), 6, 9, 7);

        Tensor actual = OneNode.run(new ScatterElements(1, reduction), x, indices, updates);

        assertSame(Tensor.ofInts(Shape.of(1, 3), first, 2, last), actual);
    }

    @Test
    void scatterElements_unsignedAndFloat_compareByValue() {
        Tensor bytes = Tensor.ofBytes(DType.U8, Shape.of(1), (byte) 200);
        Tensor update = Tensor.ofBytes(DType.U8, Shape.of(1), (byte) 3);
        Op max = new ScatterElements(0, ScatterReduction.MAX);

        assertSame(bytes, OneNode.run(max, bytes, Tensor.vector(0), update));
        Tensor nan = OneNode.run(
                max, Tensor.ofFloats(Shape.of(1), 1), Tensor.vector(0), Tensor.ofFloats(Shape.of(1), Float.NaN));
        assertTrue(Float.isNaN(nan.getFloat(0)));
    }

    @Test
    void scatterNd_slicesWithReduction_joinsThem() {
        Tensor x = Naive.counting(DType.F32, Shape.of(3, 2, 2));
        Tensor indices = Tensor.ofLongs(Shape.of(2, 2), 0, 1, -1, 0);
        Tensor updates = Tensor.ofFloats(Shape.of(2, 2), 10, 20, 30, 40);

        assertSame(
                Tensor.ofFloats(Shape.of(3, 2, 2), 0, 1, 10, 20, 4, 5, 6, 7, 30, 40, 10, 11),
                OneNode.run(new ScatterNd(ScatterReduction.NONE), x, indices, updates));
        assertSame(
                Tensor.ofFloats(Shape.of(3, 2, 2), 0, 1, 12, 23, 4, 5, 6, 7, 38, 49, 10, 11),
                OneNode.run(new ScatterNd(ScatterReduction.ADD), x, indices, updates));
    }

    @Test
    void scatter_indexOutside_isADataFault() {
        Tensor x = Tensor.ofFloats(Shape.of(2), 1, 2);
        Op elements = new ScatterElements(0, ScatterReduction.NONE);
        Op slices = new ScatterNd(ScatterReduction.NONE);
        Tensor one = Tensor.ofFloats(Shape.of(1), 1);

        ModelException a = assertThrows(ModelException.class, () -> OneNode.run(elements, x, Tensor.vector(2), one));
        ModelException b = assertThrows(
                ModelException.class, () -> OneNode.run(slices, x, Tensor.ofLongs(Shape.of(1, 1), -3), one));

        assertEquals(ModelException.Kind.DATA, a.kind());
        assertEquals(ModelException.Kind.DATA, b.kind());
    }

    @Test
    void compress_alongAxisAndFlat_keepsChosen() {
        Tensor x = Naive.counting(DType.S32, Shape.of(3, 2));
        Tensor first = Tensor.ofBytes(DType.BOOL, Shape.of(2), (byte) 0, (byte) 1);

        assertSame(Tensor.ofInts(Shape.of(1, 2), 2, 3), OneNode.run(new Compress(Optional.of(0L)), x, first));
        assertSame(Tensor.ofInts(Shape.of(3, 1), 1, 3, 5), OneNode.run(new Compress(Optional.of(-1L)), x, first));
        assertSame(Tensor.ofInts(Shape.of(1), 1), OneNode.run(new Compress(Optional.empty()), x, first));
    }

    @Test
    void reverseSequence_eachAxisOrder_reversesPrefixes() {
        Tensor x = Naive.counting(DType.S32, Shape.of(2, 4));

        assertSame(
                Tensor.ofInts(Shape.of(2, 4), 2, 1, 0, 3, 4, 5, 6, 7),
                OneNode.run(new ReverseSequence(0, 1), x, Tensor.vector(3, 1)));
        assertSame(
                Tensor.ofInts(Shape.of(2, 4), 4, 1, 6, 3, 0, 5, 2, 7),
                OneNode.run(new ReverseSequence(1, 0), x, Tensor.vector(2, 1, 2, 0)));
    }
}
