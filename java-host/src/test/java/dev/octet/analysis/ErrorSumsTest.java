package dev.octet.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorSumsTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    private static Tensor floats(float... values) {
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    private static ErrorMetrics metrics(Tensor reference, Tensor other) {
        ErrorSums sums = new ErrorSums();
        sums.add(reference, other);
        return sums.metrics();
    }

    @Test
    void metrics_knownValues_areExact() {
        ErrorMetrics metrics = metrics(floats(3, 4, 0), floats(3, 4.5f, 0));

        // sum(x^2) = 25, sum(e^2) = 0.25.
        assertThat(metrics.sqnrDb()).isCloseTo(20, ROUNDING);
        assertThat(metrics.cosine()).isCloseTo(27 / (5 * Math.sqrt(29.25)), ROUNDING);
        assertThat(metrics.maxAbsError()).isEqualTo(0.5);
        assertThat(metrics.maxErrorSteps(0.25f)).isEqualTo(2);
        assertThat(metrics.count()).isEqualTo(3);
    }

    @Test
    void metrics_equal_areInfinitelyGood() {
        Tensor x = floats(1, -2, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

        assertThat(metrics(x, x)).isEqualTo(new ErrorMetrics(4, 0, Double.POSITIVE_INFINITY, 1, 0));
    }

    @Test
    void metrics_zeros_haveDefinedValues() {
        assertThat(metrics(floats(0, 0), floats(0, -0.0f)))
                .isEqualTo(new ErrorMetrics(2, 0, Double.POSITIVE_INFINITY, 1, 0));
        assertThat(metrics(floats(0, 0), floats(0, 1)))
                .isEqualTo(new ErrorMetrics(2, 0, Double.NEGATIVE_INFINITY, 0, 1));
        assertThat(metrics(floats(), floats())).isEqualTo(new ErrorMetrics(0, 0, Double.POSITIVE_INFINITY, 1, 0));
    }

    @ParameterizedTest
    @CsvSource({"NaN,1", "1,NaN", "NaN,NaN", "Infinity,1", "1,-Infinity", "Infinity,-Infinity"})
    void metrics_incomparablePair_makesEverythingNaN(float reference, float other) {
        ErrorMetrics metrics = metrics(floats(5, reference), floats(5, other));

        assertThat(metrics.incomparable()).isEqualTo(1);
        assertThat(metrics.sqnrDb()).isNaN();
        assertThat(metrics.cosine()).isNaN();
        assertThat(metrics.maxAbsError()).isNaN();
        assertThat(metrics.hasSqnrOf(-1000)).isFalse();
    }

    @Test
    void metrics_opposite_hasCosineMinusOne() {
        assertThat(metrics(floats(1, 2), floats(-1, -2)).cosine()).isCloseTo(-1, ROUNDING);
    }

    @Test
    void add_manyChunksAndCalls_sumsAllOfThem() {
        int count = 10_001;
        Tensor ones = Tensor.allocate(DType.F32, Shape.of(count));
        Tensor others = Tensor.allocate(DType.F32, Shape.of(count));
        for (int i = 0; i < count; i++) {
            ones.setFloat(i, 1);
            others.setFloat(i, 1.5f);
        }
        ErrorSums sums = new ErrorSums();
        sums.add(ones, others);
        sums.add(ones, others);

        assertThat(sums.metrics().count()).isEqualTo(2L * count);
        assertThat(sums.metrics().sqnrDb()).isCloseTo(10 * Math.log10(4), ROUNDING);
    }

    @Test
    void add_integersAgainstFloats_comparesValues() {
        assertThat(metrics(Tensor.ofBytes(DType.U8, Shape.of(2), (byte) 255, (byte) 1), floats(255, 1))
                        .maxAbsError())
                .isZero();
    }

    @Test
    void add_differentCounts_isRefused() {
        assertThatThrownBy(() -> metrics(floats(1), floats(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("f32[1]")
                .hasMessageContaining("f32[2]");
    }
}
