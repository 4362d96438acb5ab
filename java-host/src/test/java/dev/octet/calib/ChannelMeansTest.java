package dev.octet.calib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelMeansTest {
    private static final long SEED = 7041;

    /** Grid steps of 2^-40 of the limit, and one rounding to fp32. */
    private static final float TOLERANCE = 1e-6f;

    @Test
    void means_anyOrderOfSamples_areEqualInEveryBit() {
        Random random = new Random(SEED);
        List<Tensor> samples = new ArrayList<>();
        double[] expected = new double[5];
        for (int s = 0; s < 37; s++) {
            float[] values = new float[2 * 5 * 3 * 7];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
                expected[i / 21 % 5] += values[i] / (double) (37 * 2 * 21);
            }
            samples.add(Tensor.ofFloats(Shape.of(2, 5, 3, 7), values));
        }

        float[] means = means(samples, 1);
        Collections.shuffle(samples, random);

        assertThat(means(samples, 1)).as("seed %d", SEED).isEqualTo(means);
        for (int c = 0; c < 5; c++) {
            assertThat((double) means[c])
                    .isCloseTo(expected[c], org.assertj.core.data.Offset.offset((double) TOLERANCE));
        }
    }

    @Test
    void means_lastAxis_averagesRows() {
        ChannelMeans means = new ChannelMeans(-1, 8);

        means.add(Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 5, 6, 7));

        assertThat(means.means()).containsExactly(3, 4, 5);
    }

    @Test
    void means_scalarValue_areEmpty() {
        ChannelMeans means = new ChannelMeans(1, 1);

        means.add(Tensor.allocate(DType.F32, Shape.SCALAR));

        assertThat(means.means()).isEmpty();
    }

    private static float[] means(List<Tensor> samples, int axis) {
        ChannelMeans means = new ChannelMeans(axis, 6);
        samples.forEach(means::add);
        return means.means();
    }
}
