package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.graph.Op;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.Tile;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataMovementTest {
    private static void assertSame(Tensor expected, Tensor actual) {
        assertEquals(expected.toString(), actual.toString());
        assertArrayEquals(expected.toLongs(), actual.toLongs());
        assertTrue(expected.contentEquals(actual));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "S64", "F16", "U8", "S4", "U2"})
    void transpose_everyPermutationOfThree_movesElements(DType dtype) {
        Tensor x = Naive.counting(dtype, Shape.of(3, 5, 7));
        for (int code = 0; code < 27; code++) {
            int[] p = {code / 9, code / 3 % 3, code % 3};
            if (p[0] == p[1] || p[1] == p[2] || p[0] == p[2]) {
                continue;
            }
            Shape shape =
                    Shape.of(x.shape().dim(p[0]), x.shape().dim(p[1]), x.shape().dim(p[2]));
            Tensor expected = Naive.tensor(dtype, shape, at -> {
                long[] from = new long[3];
                for (int i = 0; i < 3; i++) {
                    from[p[i]] = at[i];
                }
                return Naive.at(x, from);
            });

            assertSame(expected, OneNode.run(new Transpose(new long[] {p[0], p[1], p[2]}), x));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "S8"})
    void transpose_largeBetweenLayouts_movesElements(DType dtype) {
        Tensor x = Naive.counting(dtype, Shape.of(2, 67, 35, 41));
        Tensor expected = Naive.tensor(dtype, Shape.of(2, 35, 41, 67), at -> Naive.at(x, at[0], at[3], at[1], at[2]));

        Tensor last = OneNode.run(new Transpose(new long[] {0, 2, 3, 1}), x);
        Tensor first = OneNode.run(new Transpose(new long[] {0, 3, 1, 2}), last);

        assertSame(expected, last);
        assertSame(x, first);
    }

    @Test
    void transpose_withoutPerm_reversesAxes() {
        Tensor x = Naive.counting(DType.S32, Shape.of(2, 3));

        assertSame(Tensor.ofInts(Shape.of(3, 2), 0, 3, 1, 4, 2, 5), OneNode.run(new Transpose(new long[0]), x));
        assertSame(
                Tensor.ofInts(Shape.SCALAR, 9),
                OneNode.run(new Transpose(new long[0]), Tensor.ofInts(Shape.SCALAR, 9)));
    }

    @Test
    void transpose_emptyTensor_isEmpty() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(3, 0, 5));

        assertEquals(
                "f32[0,5,3]",
                OneNode.run(new Transpose(new long[] {1, 2, 0}), x).toString());
    }

    @Test
    void slice_negativeStep_walksBackwards() {
        Tensor x = Naive.counting(DType.S32, Shape.of(4, 9));
        Tensor expected = Naive.tensor(DType.S32, Shape.of(2, 3), at -> Naive.at(x, 3 - 2 * at[0], 7 - 3 * at[1]));

        Tensor actual = OneNode.run(
                new Slice(),
                x,
                Tensor.vector(-1, 7),
                Tensor.vector(Long.MIN_VALUE, 0),
                Tensor.vector(0, -1),
                Tensor.vector(-2, -3));

        assertSame(expected, actual);
    }

    @Test
    void slice_boundsOutside_areClamped() {
        Tensor x = Naive.counting(DType.U8, Shape.of(5));

        assertSame(x, OneNode.run(new Slice(), x, Tensor.vector(-100), Tensor.vector(Long.MAX_VALUE)));
        assertEquals(
                "u8[0]",
                OneNode.run(new Slice(), x, Tensor.vector(9), Tensor.vector(99)).toString());
        assertEquals(
                "u8[0]",
                OneNode.run(new Slice(), x, Tensor.vector(3), Tensor.vector(-3)).toString());
        Tensor steps = Tensor.vector(Long.MIN_VALUE);
        assertSame(
                Tensor.ofBytes(DType.U8, Shape.of(1), (byte) 4),
                OneNode.run(new Slice(), x, Tensor.vector(99), Tensor.vector(-99), Tensor.vector(0), steps));
    }

    @Test
    void expand_bothWays_repeats() {
        Tensor x = Naive.counting(DType.S16, Shape.of(3, 1, 5));
        Tensor expected = Naive.tensor(DType.S16, Shape.of(2, 3, 4, 5), at -> Naive.at(x, at[1], 0, at[3]));

        assertSame(expected, OneNode.run(new Expand(), x, Tensor.vector(2, 1, 4, 1)));
        assertEquals(
                "s16[3,0,5]", OneNode.run(new Expand(), x, Tensor.vector(0, 1)).toString());
        Tensor row = Naive.counting(DType.U8, Shape.of(1));
        assertSame(Tensor.allocate(DType.U8, Shape.of(300)), OneNode.run(new Expand(), row, Tensor.vector(300)));
    }

    @Test
    void tile_eachAxis_repeatsWhole() {
        Tensor x = Naive.counting(DType.F32, Shape.of(2, 3));
        Tensor expected = Naive.tensor(DType.F32, Shape.of(6, 15), at -> Naive.at(x, at[0] % 2, at[1] % 3));

        assertSame(expected, OneNode.run(new Tile(), x, Tensor.vector(3, 5)));
        assertEquals("f32[0,3]", OneNode.run(new Tile(), x, Tensor.vector(0, 1)).toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, -1, -2, -3})
    void concatThenSplit_anyAxis_givesPartsBack(int axis) {
        int along = Math.floorMod(axis, 3);
        List<Tensor> parts = List.of(part(along, 3, 0), part(along, 1, 100), part(along, 0, 0), part(along, 4, 1000));

        Tensor joined = OneNode.run(new Concat(axis), parts.toArray(Tensor[]::new));
        List<Tensor> split = OneNode.run(
                new Split(axis, 0), 4, OneNode.Known.NOTHING, OneNode.present(joined, Tensor.vector(3, 1, 0, 4)));

        long[] dims = {2, 5, 3};
        dims[along] = 8;
        assertEquals(Shape.of(dims), joined.shape());
        for (int i = 0; i < 4; i++) {
            assertSame(parts.get(i), split.get(i));
        }
        long[] position = {0, 0, 0};
        position[along] = 3;
        assertEquals(100, Naive.at(joined, position));
    }

    private static Tensor part(int axis, long extent, long first) {
        long[] dims = {2, 5, 3};
        dims[axis] = extent;
        Shape shape = Shape.of(dims);
        Tensor tensor = Tensor.allocate(DType.S32, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            tensor.setLong(i, first + i);
        }
        return tensor;
    }

    @Test
    void split_unequalParts_lastIsSmaller() {
        Tensor x = Naive.counting(DType.S32, Shape.of(7));

        List<Tensor> parts = OneNode.run(new Split(-1, 3), 3, OneNode.Known.NOTHING, OneNode.present(x));

        assertSame(Tensor.ofInts(Shape.of(3), 0, 1, 2), parts.get(0));
        assertSame(Tensor.ofInts(Shape.of(1), 6), parts.get(2));
    }

    @ParameterizedTest
    @EnumSource(DepthToSpace.Order.class)
    void depthToSpace_block_followsDefinition(DepthToSpace.Order order) {
        long b = 3;
        long channels = 2;
        Tensor x = Naive.counting(DType.F32, Shape.of(2, channels * b * b, 4, 5));
        Tensor expected = Naive.tensor(DType.F32, Shape.of(2, channels, 12, 15), at -> {
            long inBlock = at[2] % b * b + at[3] % b;
            long channel = order == DepthToSpace.Order.DCR ? inBlock * channels + at[1] : at[1] * b * b + inBlock;
            return Naive.at(x, at[0], channel, at[2] / b, at[3] / b);
        });

        Tensor actual = OneNode.run(new DepthToSpace(b, order, Layout.CHANNELS_FIRST), x);

        assertSame(expected, actual);
        if (order == DepthToSpace.Order.DCR) {
            assertSame(x, OneNode.run(new SpaceToDepth(b), actual));
        }
    }

    @Test
    void pad_eachMode_continuesAsItSays() {
        assertPadded(Pad.Mode.CONSTANT, 9, 9, 9, 1, 2, 3, 9, 9);
        assertPadded(Pad.Mode.EDGE, 1, 1, 1, 1, 2, 3, 3, 3);
        assertPadded(Pad.Mode.REFLECT, 2, 3, 2, 1, 2, 3, 2, 1);
        assertPadded(Pad.Mode.WRAP, 1, 2, 3, 1, 2, 3, 1, 2);
    }

    private static void assertPadded(Pad.Mode mode, int... expected) {
        Tensor x = Tensor.ofInts(Shape.of(3), 1, 2, 3);
        Tensor actual = OneNode.run(new Pad(mode), x, Tensor.vector(3, 2), Tensor.ofInts(Shape.SCALAR, 9));
        assertSame(Tensor.ofInts(Shape.of(8), expected), actual);
    }

    @Test
    void pad_negativeAndOneElement_cropFirst() {
        Tensor x = Tensor.ofInts(Shape.of(4), 1, 2, 3, 4);

        assertSame(
                Tensor.ofInts(Shape.of(4), 2, 3, 4, 2), OneNode.run(new Pad(Pad.Mode.WRAP), x, Tensor.vector(-1, 1)));
        assertSame(Tensor.ofInts(Shape.of(2), 2, 3), OneNode.run(new Pad(Pad.Mode.EDGE), x, Tensor.vector(-1, -1)));
        Tensor one = Tensor.ofInts(Shape.of(1), 7);
        assertSame(
                Tensor.ofInts(Shape.of(4), 7, 7, 7, 7),
                OneNode.run(new Pad(Pad.Mode.REFLECT), one, Tensor.vector(1, 2)));
    }

    @Test
    void pad_someAxesOfLargeTensor_matchesDefinition() {
        Tensor x = Naive.counting(DType.F32, Shape.of(3, 5, 40, 60));
        Tensor expected = Naive.tensor(DType.F32, Shape.of(3, 4, 40, 65), at -> {
            long column = at[3] - 2;
            return column < 0 || column >= 60 ? -1 : Naive.at(x, at[0], at[1] + 1, at[2], column);
        });

        Tensor actual = OneNode.run(
                        new Pad(Pad.Mode.CONSTANT),
                        1,
                        OneNode.Known.NOTHING,
                        List.of(
                                Optional.of(x),
                                Optional.of(Tensor.vector(2, -1, 3, 0)),
                                Optional.of(Tensor.scalar(-1f)),
                                Optional.of(Tensor.vector(-1, 1))))
                .get(0);

        assertSame(expected, actual);
    }

    @Test
    void pad_withoutValue_addsZeros() {
        Op pad = new Pad(Pad.Mode.CONSTANT);

        assertSame(
                Tensor.ofBytes(DType.S8, Shape.of(3), new byte[] {0, 5, 0}),
                OneNode.run(pad, Tensor.ofBytes(DType.S8, Shape.of(1), (byte) 5), Tensor.vector(1, 1)));
        assertEquals(
                "f32[2]",
                OneNode.run(pad, Tensor.allocate(DType.F32, Shape.of(0)), Tensor.vector(1, 1))
                        .toString());
    }
}
