package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.LocalResponseNormalization;
import dev.octet.graph.op.LpNormalization;
import dev.octet.graph.op.MeanVarianceNormalization;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizationTest {
    /** Sums are fp64 and the result is rounded once: half a unit of fp32 at sizes up to 8. */
    private static final double TOLERANCE = 8 * 0x1p-24;

    private static final long SEED = 41;

    private static double mean(Tensor x, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += x.getFloat(i);
        }
        return sum / (to - from);
    }

    private static double variance(Tensor x, int from, int to) {
        double mean = mean(x, from, to);
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (x.getFloat(i) - mean) * (x.getFloat(i) - mean);
        }
        return sum / (to - from);
    }

    @Test
    void softmax_middleAxis_sumsToOne() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 5, 3), 4, SEED);

        Tensor y = OneNode.run(new Softmax(SoftmaxFunction.SOFTMAX, 1), x);
        Tensor logarithms = OneNode.run(new Softmax(SoftmaxFunction.LOG_SOFTMAX, 1), x);

        for (int row = 0; row < 6; row++) {
            int start = row / 3 * 15 + row % 3;
            double sum = 0;
            for (int i = 0; i < 5; i++) {
                sum += Math.exp(x.getFloat(start + 3 * i));
            }
            for (int i = 0; i < 5; i++) {
                double expected = Math.exp(x.getFloat(start + 3 * i)) / sum;
                assertEquals(expected, y.getFloat(start + 3 * i), TOLERANCE, "seed " + SEED);
                assertEquals(Math.log(expected), logarithms.getFloat(start + 3 * i), 2 * TOLERANCE, "seed " + SEED);
            }
        }
    }

    @Test
    void softmax_largeValues_doNotOverflow() {
        Tensor y = OneNode.run(
                new Softmax(SoftmaxFunction.SOFTMAX, -1), Tensor.ofFloats(Shape.of(2), 1e30f, Float.NEGATIVE_INFINITY));

        assertArrayEquals(new float[] {1, 0}, y.toFloats());
    }

    @Test
    void hardmax_ties_takeTheFirst() {
        Tensor y =
                OneNode.run(new Softmax(SoftmaxFunction.HARDMAX, 0), Tensor.ofFloats(Shape.of(3, 2), 1, 5, 3, 5, 3, 2));

        assertArrayEquals(new float[] {0, 1, 1, 0, 0, 0}, y.toFloats());
    }

    @Test
    void layerNorm_trailingAxes_givesStatistics() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(4, 3, 7), 2, SEED);
        Tensor scale = TestTensors.uniform(DType.F32, Shape.of(3, 7), 2, SEED + 1);
        Tensor bias = TestTensors.uniform(DType.F32, Shape.of(7), 2, SEED + 2);

        List<Tensor> outputs = OneNode.run(
                new LayerNormalization(1, 0.5f, DType.F32), 3, OneNode.Known.NOTHING, OneNode.present(x, scale, bias));

        assertEquals(Shape.of(4, 1, 1), outputs.get(1).shape());
        for (int row = 0; row < 4; row++) {
            double mean = mean(x, row * 21, row * 21 + 21);
            double inverse = 1 / Math.sqrt(variance(x, row * 21, row * 21 + 21) + 0.5);
            assertEquals(mean, outputs.get(1).getFloat(row), TOLERANCE, "seed " + SEED);
            assertEquals(inverse, outputs.get(2).getFloat(row), TOLERANCE, "seed " + SEED);
            for (int i = 0; i < 21; i++) {
                double expected =
                        (x.getFloat(row * 21 + i) - mean) * inverse * scale.getFloat(i) + bias.getFloat(i % 7);
                assertEquals(expected, outputs.get(0).getFloat(row * 21 + i), TOLERANCE, "seed " + SEED);
            }
        }
    }

    @Test
    void layerNorm_scaleThatVariesOverRows_isBroadcast() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 2), -1, 1, -1, 1);
        Tensor scale = Tensor.ofFloats(Shape.of(2, 1), 2, 3);

        Tensor y = OneNode.run(new LayerNormalization(-1, 0, DType.F32), x, scale);

        assertArrayEquals(new float[] {-2, 2, -3, 3}, y.toFloats());
    }

    @Test
    void rmsNorm_row_dividesByRootMeanSquare() {
        Tensor x = Tensor.ofFloats(Shape.of(1, 4), 1, -1, 1, 1);

        Tensor y = OneNode.run(new RmsNormalization(-1, 3, DType.F32), x, Tensor.ofFloats(Shape.of(1), 4));

        assertArrayEquals(new float[] {2, -2, 2, 2}, y.toFloats());
    }

    @Test
    void channelNorms_groups_followDefinition() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 6, 5), 2, SEED);
        Tensor scale = TestTensors.uniform(DType.F32, Shape.of(6), 2, SEED + 1);
        Tensor bias = TestTensors.uniform(DType.F32, Shape.of(6), 2, SEED + 2);

        Tensor instance = OneNode.run(new InstanceNormalization(0.1f), x, scale, bias);
        Tensor group = OneNode.run(new GroupNormalization(3, 0.1f), x, scale, bias);

        for (int i = 0; i < 60; i++) {
            int channel = i / 5 % 6;
            assertEquals(
                    normalized(x, i, 5) * scale.getFloat(channel) + bias.getFloat(channel),
                    instance.getFloat(i),
                    TOLERANCE,
                    "seed " + SEED);
            assertEquals(
                    normalized(x, i, 10) * scale.getFloat(channel) + bias.getFloat(channel),
                    group.getFloat(i),
                    TOLERANCE,
                    "seed " + SEED);
        }
    }

    private static double normalized(Tensor x, int i, int length) {
        int from = i / length * length;
        return (x.getFloat(i) - mean(x, from, from + length)) / Math.sqrt(variance(x, from, from + length) + 0.1f);
    }

    @Test
    void batchNorm_givenStatistics_followsDefinition() {
        Tensor x = Tensor.ofFloats(Shape.of(1, 2, 2), 1, 2, 3, 4);
        Tensor scale = Tensor.ofFloats(Shape.of(2), 1, 2);
        Tensor bias = Tensor.ofFloats(Shape.of(2), 0, 1);
        Tensor mean = Tensor.ofFloats(Shape.of(2), 1, 2);
        Tensor variance = Tensor.ofFloats(Shape.of(2), 3, 15);

        Tensor y = OneNode.run(new BatchNormalization(1), x, scale, bias, mean, variance);

        assertArrayEquals(new float[] {0, 0.5f, 1.5f, 2}, y.toFloats());
    }

    @Test
    void lrn_evenSize_looksFurtherAhead() {
        Tensor x = Tensor.ofFloats(Shape.of(1, 3, 1), 1, 2, 3);

        Tensor y = OneNode.run(new LocalResponseNormalization(2, 2, 1, 1), x);

        assertArrayEquals(new float[] {1f / 6, 2f / 14, 3f / 10}, y.toFloats());
    }

    @Test
    void lpNorm_zeros_stayZeros() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 2), 3, 0, 4, 0);

        assertArrayEquals(
                new float[] {0.6f, 0, 0.8f, 0},
                OneNode.run(new LpNormalization(0, 2), x).toFloats());
        assertArrayEquals(
                new float[] {3f / 7, 0, 4f / 7, 0},
                OneNode.run(new LpNormalization(0, 1), x).toFloats());
    }

    @Test
    void meanVariance_apartAxes_normalizesTogether() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 3, 2), 2, SEED);

        Tensor y = OneNode.run(new MeanVarianceNormalization(List.of(0L, -1L)), x);

        for (int channel = 0; channel < 3; channel++) {
            Tensor gathered = Tensor.allocate(DType.F32, Shape.of(4));
            Tensor result = Tensor.allocate(DType.F32, Shape.of(4));
            for (int i = 0; i < 4; i++) {
                gathered.setFloat(i, x.getFloat(i / 2 * 6 + channel * 2 + i % 2));
                result.setFloat(i, y.getFloat(i / 2 * 6 + channel * 2 + i % 2));
            }
            for (int i = 0; i < 4; i++) {
                double expected = (gathered.getFloat(i) - mean(gathered, 0, 4)) / Math.sqrt(variance(gathered, 0, 4));
                assertEquals(expected, result.getFloat(i), TOLERANCE, "seed " + SEED);
            }
        }
    }
}
