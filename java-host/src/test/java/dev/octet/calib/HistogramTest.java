package dev.octet.calib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
    private static final long SEED = 11;

    private static Tensor gaussian(int count, long seed) {
        Random random = new Random(seed);
        Tensor tensor = Tensor.allocate(DType.F32, Shape.of(count));
        for (int i = 0; i < count; i++) {
            tensor.setFloat(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    private static Tensor floats(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    @Test
    void add_valuesAtEdges_fallIntoTheBinAbove() {
        Histogram histogram = new Histogram(new QuantRange(-4, 4), 4);

        histogram.add(floats(0, -0.0f, 0.999f, 1, -1, -0.999f, 3.999f, 4, -4));

        assertThat(histogram.signedCounts()).containsExactly(1, 0, 1, 1, 3, 1, 0, 2);
        assertThat(histogram.magnitudes(4)).containsExactly(4, 2, 0, 3);
        assertThat(histogram.total()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8191, 8192, 8193, 20001})
    void add_anyLength_countsEveryElement(int count) {
        Histogram histogram = new Histogram(new QuantRange(-10, 10), 64);

        histogram.add(gaussian(count, SEED));

        assertThat(histogram.total()).isEqualTo(count);
    }

    @Test
    void magnitudes_fewerBins_equalCountingWithFewerBins() {
        QuantRange range = new QuantRange(-3.3f, 5.7f);
        Histogram fine = new Histogram(range, 8192);
        Histogram coarse = new Histogram(range, 512);
        Tensor x = gaussian(50_000, SEED);
        fine.add(x);
        coarse.add(x);

        assertThat(fine.magnitudes(512)).as("seed %d", SEED).containsExactly(coarse.magnitudes(512));
    }

    @Test
    void merge_anyPartition_givesTheSameCounts() {
        Tensor a = gaussian(1001, SEED);
        Tensor b = gaussian(70, SEED + 1);
        QuantRange range = new QuantRange(-6, 6);
        Histogram together = new Histogram(range, 256);
        together.add(a);
        together.add(b);
        Histogram first = new Histogram(range, 256);
        first.add(b);
        Histogram second = new Histogram(range, 256);
        second.add(a);
        first.merge(second);

        assertThat(first.signedCounts()).as("seed %d", SEED).containsExactly(together.signedCounts());
    }

    @Test
    void merge_anotherRange_isRefused() {
        Histogram histogram = new Histogram(new QuantRange(0, 1), 256);

        assertThatThrownBy(() -> histogram.merge(new Histogram(new QuantRange(0, 2), 256)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void add_zeroRange_countsInTheFirstBin() {
        Histogram histogram = new Histogram(new QuantRange(0, 0), 16);

        histogram.add(floats(0, 0, 0));

        assertThat(histogram.magnitudes(16)[0]).isEqualTo(3);
    }

    @Test
    void add_subnormalRange_staysWithinBins() {
        Histogram histogram = new Histogram(new QuantRange(0, Float.MIN_VALUE), 16);

        histogram.add(floats(0, Float.MIN_VALUE));

        assertThat(histogram.magnitudes(16)[0]).isEqualTo(1);
        assertThat(histogram.magnitudes(16)[15]).isEqualTo(1);
    }

    @Test
    void observe_anyPartition_givesTheExactRange() {
        RangeObserver all = new RangeObserver("x");
        all.add(floats(3, -2, 8));
        all.add(floats(-7, 0));
        RangeObserver left = new RangeObserver("x");
        left.add(floats(-7, 0));
        RangeObserver right = new RangeObserver("x");
        right.add(floats(3, -2, 8));
        left.merge(right);

        assertThat(left.range()).isEqualTo(all.range()).isEqualTo(new QuantRange(-7, 8));
        assertThat(left.count()).isEqualTo(5);
    }

    @Test
    void observe_nothing_isTheZeroRange() {
        RangeObserver observer = new RangeObserver("x");
        observer.add(Tensor.ofFloats(Shape.of(0, 4)));

        assertThat(observer.range()).isEqualTo(new QuantRange(0, 0));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void observe_valueNotFinite_failsNamingTensorAndElement(float value) {
        for (int at : new int[] {0, 5, 9000}) {
            Tensor tensor = Tensor.allocate(DType.F32, Shape.of(9001));
            tensor.setFloat(at, value);
            RangeObserver observer = new RangeObserver("conv1_out");

            assertThatThrownBy(() -> observer.add(tensor))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.DATA))
                    .hasMessageContaining("\"conv1_out\"")
                    .hasMessageContaining("holds " + value + " at element " + at);
        }
    }

    @Test
    void observe_integers_failNamingTheTensor() {
        RangeObserver observer = new RangeObserver("ids");

        assertThatThrownBy(() -> observer.add(Tensor.vector(1, 2)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("\"ids\"")
                .hasMessageContaining("s64[2]");
    }

    @Test
    void observe_halfFloats_areConverted() {
        Tensor half = Tensor.allocate(DType.F16, Shape.of(2));
        half.setFloat(0, -1.5f);
        half.setFloat(1, 2);
        RangeObserver observer = new RangeObserver("x");

        observer.add(half);

        assertThat(observer.range()).isEqualTo(new QuantRange(-1.5f, 2));
    }
}
