package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.ArgExtreme;
import dev.octet.graph.op.ArgFunction;
import dev.octet.graph.op.CumSum;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReduceTest {
    /** Results differ from the definition in the order of fp64 operations only, far below half a unit of fp32. */
    private static final double ULP = 0x1p-23;

    private static double define(ReduceFunction function, double[] v) {
        return switch (function) {
            case SUM -> DoubleStream.of(v).sum();
            case MEAN -> DoubleStream.of(v).sum() / v.length;
            case MAX -> DoubleStream.of(v).max().orElse(Double.NEGATIVE_INFINITY);
            case MIN -> DoubleStream.of(v).min().orElse(Double.POSITIVE_INFINITY);
            case PROD -> DoubleStream.of(v).reduce(1, (a, b) -> a * b);
            case L1 -> DoubleStream.of(v).map(Math::abs).sum();
            case L2 -> Math.sqrt(DoubleStream.of(v).map(x -> x * x).sum());
            case SUM_SQUARE -> DoubleStream.of(v).map(x -> x * x).sum();
            case LOG_SUM -> Math.log(DoubleStream.of(v).sum());
            case LOG_SUM_EXP -> Math.log(DoubleStream.of(v).map(Math::exp).sum());
        };
    }

    /** All index sets of a [2, 3, 5, 4] tensor, bit i of {@code mask} choosing axis i. */
    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void run_everySetOfAxes_followsDefinition(ReduceFunction function) {
        long seed = 23;
        Shape shape = Shape.of(2, 3, 5, 4);
        Tensor x = TestTensors.uniform(DType.F32, shape, 1, seed);
        for (int i = 0; i < 120; i++) {
            x.setFloat(i, x.getFloat(i) + 1.5f);
        }
        for (int mask = 1; mask < 16; mask++) {
            int chosen = mask;
            long[] axes = java.util.stream.LongStream.range(0, 4)
                    .filter(axis -> (chosen >> axis & 1) != 0)
                    .map(axis -> axis % 2 == 0 ? axis : axis - 4)
                    .toArray();

            Tensor y = OneNode.run(new Reduce(function, true, false), x, Tensor.vector(axes));

            for (int output = 0; output < y.elementCount(); output++) {
                int wanted = output;
                double[] meeting = java.util.stream.IntStream.range(0, 120)
                        .filter(i -> outputIndex(i, chosen, shape) == wanted)
                        .mapToDouble(x::getFloat)
                        .toArray();
                double expected = define(function, meeting);
                assertEquals(expected, y.getFloat(output), Math.abs(expected) * ULP, "seed " + seed + " mask " + mask);
            }
        }
    }

    private static int outputIndex(int flat, int mask, Shape shape) {
        int index = 0;
        int stride = 1;
        int rest = flat;
        for (int axis = 3; axis >= 0; axis--) {
            int extent = (int) shape.dim(axis);
            if ((mask >> axis & 1) == 0) {
                index += rest % extent * stride;
                stride *= extent;
            }
            rest /= extent;
        }
        return index;
    }

    @Test
    void run_noAxes_reducesAllOrNothing() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 2), 1, -2, 3, -4);

        Tensor all = OneNode.run(new Reduce(ReduceFunction.SUM_SQUARE, false, false), x);
        Tensor none = OneNode.run(new Reduce(ReduceFunction.SUM_SQUARE, false, true), x);

        assertEquals(Shape.SCALAR, all.shape());
        assertEquals(30f, all.getFloat(0));
        assertArrayEquals(new float[] {1, 4, 9, 16}, none.toFloats());
    }

    @ParameterizedTest
    @CsvSource({"SUM, 0", "PROD, 1", "MAX, -Infinity", "MIN, Infinity", "MEAN, NaN", "LOG_SUM_EXP, -Infinity", "L2, 0"})
    void run_noElements_givesIdentity(ReduceFunction function, float expected) {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(2, 0));

        Tensor y = OneNode.run(new Reduce(function, false, false), x, Tensor.vector(1));

        assertArrayEquals(new float[] {expected, expected}, y.toFloats());
    }

    @Test
    void run_logSumExpOfLargeValues_doesNotOverflow() {
        Tensor y = OneNode.run(
                new Reduce(ReduceFunction.LOG_SUM_EXP, false, false), Tensor.ofFloats(Shape.of(2), 1e4f, 1e4f));

        assertEquals((float) (1e4 + Math.log(2)), y.getFloat(0));
    }

    @Test
    void run_boolAndUnsigned_compareAsSuch() {
        Tensor flags = Tensor.ofBytes(DType.BOOL, Shape.of(2, 2), (byte) 1, (byte) 0, (byte) 0, (byte) 0);
        Tensor large = Tensor.allocate(DType.U64, Shape.of(2));
        large.setLong(0, -1);

        assertArrayEquals(
                new long[] {1, 0},
                OneNode.run(new Reduce(ReduceFunction.MAX, false, false), flags, Tensor.vector(1))
                        .toLongs());
        assertEquals(
                -1,
                OneNode.run(new Reduce(ReduceFunction.MAX, false, false), large).getLong(0));
        assertEquals(
                0,
                OneNode.run(new Reduce(ReduceFunction.MIN, false, false), large).getLong(0));
    }

    @Test
    void run_axisTwice_isInvalid() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 1), 1, 2);
        Reduce sum = new Reduce(ReduceFunction.SUM, true, false);
        Tensor axes = Tensor.vector(0, -2);

        assertThrows(ModelException.class, () -> OneNode.run(sum, x, axes));
    }

    @Test
    void run_batchOfOne_givesTheSameBits() {
        long seed = 31;
        Tensor batch = TestTensors.uniform(DType.F32, Shape.of(3, 7, 301), 5, seed);
        Tensor single = Tensor.wrap(DType.F32, Shape.of(1, 7, 301), batch.data().asSlice(7 * 301 * 4, 7 * 301 * 4));
        Reduce mean = new Reduce(ReduceFunction.MEAN, false, false);

        float[] ofBatch = OneNode.run(mean, batch, Tensor.vector(1, 2)).toFloats();

        assertEquals(OneNode.run(mean, single, Tensor.vector(1, 2)).getFloat(0), ofBatch[1], "seed " + seed);
    }

    @ParameterizedTest
    @CsvSource({"MAX, false, 1", "MAX, true, 3", "MIN, false, 0", "MIN, true, 2"})
    void arg_ties_followSelectLastIndex(ArgFunction function, boolean last, long expected) {
        Tensor x = Tensor.ofFloats(Shape.of(4, 1), 1, 5, 1, 5);

        Tensor y = OneNode.run(new ArgExtreme(function, 0, false, last), x);

        assertEquals(DType.S64, y.dtype());
        assertArrayEquals(new long[] {expected}, y.toLongs());
    }

    @Test
    void arg_middleAxis_givesIndices() {
        Tensor x = Tensor.ofInts(Shape.of(2, 2, 3), 1, 9, 3, 4, 5, 6, -1, -9, -3, -4, -5, -6);

        Tensor y = OneNode.run(new ArgExtreme(ArgFunction.MAX, -2, true, false), x);

        assertEquals(Shape.of(2, 1, 3), y.shape());
        assertArrayEquals(new long[] {1, 0, 1, 0, 1, 0}, y.toLongs());
    }

    @Test
    void arg_nan_isExtreme() {
        Tensor x = Tensor.ofFloats(Shape.of(3), 1, Float.NaN, 7);

        assertEquals(
                1,
                OneNode.run(new ArgExtreme(ArgFunction.MAX, 0, false, false), x).getLong(0));
        assertEquals(
                1,
                OneNode.run(new ArgExtreme(ArgFunction.MIN, 0, false, false), x).getLong(0));
    }

    @Test
    void cumSum_options_shiftAndReverse() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor axis = Tensor.ofInts(Shape.SCALAR, 1);
        List<float[]> expected = List.of(
                new float[] {1, 3, 6, 4, 9, 15},
                new float[] {6, 5, 3, 15, 11, 6},
                new float[] {0, 1, 3, 0, 4, 9},
                new float[] {5, 3, 0, 11, 6, 0});

        for (int i = 0; i < 4; i++) {
            Tensor y = OneNode.run(new CumSum(i >= 2, i % 2 == 1), x, axis);

            assertArrayEquals(expected.get(i), y.toFloats());
        }
        assertTrue(OneNode.run(new CumSum(false, false), Tensor.allocate(DType.F32, Shape.of(2, 0)), axis)
                        .elementCount()
                == 0);
    }
}
