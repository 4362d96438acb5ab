package dev.octet.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final long SEED = 7;

    @Test
    void quantize_perAxis_mapsEachSlicesMaximumTo127() {
        Tensor w = Tensor.ofFloats(Shape.of(2, 3), 1, -2, 0.5f, 0.1f, 0.05f, -0.025f);

        QuantizedTensor q = Weights.quantize(w, new Granularity.PerAxis(-2));

        QuantParams.PerAxis params = (QuantParams.PerAxis) q.params();
        assertThat(params.axis()).isZero();
        assertThat(params.scales()).containsExactly((float) (2 / 127.0), (float) (0.1f / 127.0));
        assertThat(params.zeroPoints()).containsExactly(0, 0);
        assertThat(q.values().toBytes()).containsExactly(64, -127, 32, 127, 64, -32);
    }

    @Test
    void quantize_zeroChannel_hasScaleOne() {
        QuantizedTensor q =
                Weights.quantize(Tensor.ofFloats(Shape.of(2, 2), 0, -0.0f, 1, 1), new Granularity.PerAxis(0));

        assertThat(((QuantParams.PerAxis) q.params()).scales()[0]).isEqualTo(1);
        assertThat(q.values().toBytes()).containsExactly(0, 0, 127, 127);
    }

    @Test
    void quantize_perElement_isExactToOneRounding() {
        Tensor w = Tensor.ofFloats(Shape.of(2, 2), 0.3f, -7, 1e-20f, 0);

        QuantizedTensor q = Weights.quantize(w, Granularity.PER_ELEMENT);

        assertThat(q.values().toBytes()).containsExactly(127, -127, 127, 0);
    }

    @Test
    void quantize_perBlockInFourBits_errsByHalfAStepOfItsBlock() {
        Tensor w = gaussian(Shape.of(5, 37));
        QuantizedTensor q = Weights.quantize(
                w, new Granularity.PerBlock(1, 16), QuantScheme.symmetric(DType.S4), Weights.Method.MAX);
        float[] scales = ((QuantParams.PerBlock) q.params()).scales();
        float[] back = q.dequantize().toFloats();

        assertThat(scales).hasSize(15);
        for (int i = 0; i < back.length; i++) {
            float scale = scales[i / 37 * 3 + i % 37 / 16];
            assertThat((double) Math.abs(back[i] - w.getFloat(i)))
                    .as("seed %d, element %d", SEED, i)
                    .isLessThanOrEqualTo(scale * 0.5000002);
        }
    }

    @Test
    void quantize_mse_neverErrsMoreThanMaxAndClipsOutliers() {
        Tensor w = gaussian(Shape.of(8, 500));
        w.setFloat(3, 9);
        for (DType dtype : new DType[] {DType.S8, DType.S4}) {
            QuantScheme scheme = QuantScheme.symmetric(dtype);
            QuantizedTensor max = Weights.quantize(w, new Granularity.PerAxis(0), scheme, Weights.Method.MAX);
            QuantizedTensor mse = Weights.quantize(w, new Granularity.PerAxis(0), scheme, Weights.Method.MSE);

            for (int channel = 0; channel < 8; channel++) {
                assertThat(squaredError(w, mse, channel))
                        .as("%s, seed %d, channel %d", dtype, SEED, channel)
                        .isLessThanOrEqualTo(squaredError(w, max, channel));
            }
            assertThat(minimum(mse.values())).isGreaterThanOrEqualTo(scheme.qmin());
        }
        QuantScheme four = QuantScheme.symmetric(DType.S4);
        assertThat(squaredError(w, Weights.quantize(w, new Granularity.PerAxis(0), four, Weights.Method.MSE), 1))
                .isLessThan(0.9
                        * squaredError(
                                w, Weights.quantize(w, new Granularity.PerAxis(0), four, Weights.Method.MAX), 1));
    }

    @Test
    void quantize_nan_isRefused() {
        Tensor w = Tensor.ofFloats(Shape.of(2), 1, Float.NaN);

        assertThatThrownBy(() -> Weights.quantize(w, Granularity.PER_TENSOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("element 1 of f32[2] is NaN");
    }

    @Test
    void biasQuantize_isInUnitsOfTheAccumulator() {
        int[] q = Bias.quantize(new float[] {1, -0.5f, 0.3f}, 0.5f, new float[] {0.25f, 1, 0.2f});

        assertThat(q).containsExactly(8, -1, 3);
    }

    @Test
    void biasQuantize_tieAtHalf_roundsToEven() {
        assertThat(Bias.quantize(new float[] {0.5f, 1.5f, -2.5f}, 1, new float[] {1}))
                .containsExactly(0, 2, -2);
    }

    /** Expected values computed by hand from the rule 1.0001 * 2|b| / (2^32 - 2). */
    @Test
    void weightScalesFor_biasThatOverflows_raisesTheScale() {
        float[] scales = Bias.weightScalesFor(1e-3f, new float[] {1e-9f, 1e-3f}, new float[] {1, 1});

        assertThat(scales[1]).isEqualTo(1e-3f);
        double smallest = 1.0001 * 2 / 4294967294.0;
        assertThat(scales[0]).isEqualTo((float) (1e-9f * (smallest / ((double) 1e-3f * 1e-9f))));
        assertThat(Bias.quantize(new float[] {1, 1}, 1e-3f, scales)[0]).isBetween(2147200000, 2147483000);
    }

    @Test
    void weightScalesFor_perTensor_looksAtTheLargestBias() {
        float[] scales = Bias.weightScalesFor(1e-3f, new float[] {1e-9f}, new float[] {0.5f, -1});

        assertThat(scales).hasSize(1);
        assertThat(Bias.quantize(new float[] {0.5f, -1}, 1e-3f, scales)[1]).isBetween(-2147483000, -2147200000);
    }

    @Test
    void weightScalesFor_ordinaryBias_changesNothing() {
        float[] scales = {0.01f, 0.02f};

        assertThat(Bias.weightScalesFor(0.05f, scales, new float[] {3, -4})).containsExactly(scales);
    }

    private static Tensor gaussian(Shape shape) {
        Random random = new Random(SEED);
        Tensor w = Tensor.allocate(DType.F32, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            w.setFloat(i, (float) random.nextGaussian());
        }
        return w;
    }

    private static double squaredError(Tensor w, QuantizedTensor q, int channel) {
        Tensor back = q.dequantize();
        long inner = w.shape().dim(1);
        double sum = 0;
        for (long i = channel * inner; i < (channel + 1) * inner; i++) {
            double error = (double) back.getFloat(i) - w.getFloat(i);
            sum += error * error;
        }
        return sum;
    }

    private static long minimum(Tensor values) {
        long minimum = Long.MAX_VALUE;
        for (long value : values.toLongs()) {
            minimum = Math.min(minimum, value);
        }
        return minimum;
    }
}
