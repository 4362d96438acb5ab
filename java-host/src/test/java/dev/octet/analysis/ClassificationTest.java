package dev.octet.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassificationTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    private static Tensor scores(float... values) {
        return Tensor.ofFloats(Shape.of(1, values.length), values);
    }

    @Test
    void result_ofFourSamples_countsBothHitsAndTheirError() {
        Classification classification = new Classification();
        Tensor scores = scores(6, 5, 4, 3, 2, 1, 0);
        classification.add(scores, 0);
        classification.add(scores, 4);
        classification.add(scores, 5);
        classification.add(scores, 99);

        Classification.Result result = classification.result();

        assertThat(result.top1()).isEqualTo(25);
        assertThat(result.top5()).isEqualTo(50);
        assertThat(result.count()).isEqualTo(4);
        assertThat(result.standardError()).isCloseTo(100 * Math.sqrt(0.25 * 0.75 / 4), ROUNDING);
    }

    @Test
    void add_batchWithTrailingAxes_takesOneRowALabel() {
        Classification classification = new Classification();

        classification.add(Tensor.ofFloats(Shape.of(2, 3, 1, 1), 1, 2, 3, 3, 2, 1), 2, 1);

        assertThat(classification.result().top1Hits()).isEqualTo(1);
        assertThat(classification.result().top5Hits()).isEqualTo(2);
    }

    @Test
    void add_equalScores_lowerClassWins() {
        Classification classification = new Classification();
        classification.add(scores(1, 1), 0);
        classification.add(scores(1, 1), 1);

        assertThat(classification.result().top1Hits()).isEqualTo(1);
        assertThat(Classification.predictions(scores(1, 2, 2), 1)).containsExactly(1);
    }

    @Test
    void add_nanAnywhere_hitsNothing() {
        Classification classification = new Classification();
        classification.add(scores(9, Float.NaN, 1), 0);
        classification.add(scores(9, Float.NaN, 1), 1);

        assertThat(classification.result().top5Hits()).isZero();
        assertThat(Classification.predictions(scores(9, Float.NaN), 1)).containsExactly(Classification.NONE);
    }

    @Test
    void predictions_allMinusInfinity_isTheFirstClass() {
        assertThat(Classification.predictions(scores(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY), 1))
                .containsExactly(0);
    }

    @Test
    void add_rowsThatDoNotFit_areRefused() {
        Classification classification = new Classification();

        assertThatThrownBy(() -> classification.add(scores(1, 2, 3), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(classification::result).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void paired_knownTable_givesMcNemarsError() {
        PairedPredictions paired = new PairedPredictions();
        add(paired, 80, 1, 1);
        add(paired, 6, 1, 2);
        add(paired, 2, 3, 1);
        add(paired, 12, 4, 4);

        PairedPredictions.Result result = paired.result();

        assertThat(result.agreement()).isEqualTo(0.92);
        assertThat(result.bothRight()).isEqualTo(80);
        assertThat(result.onlyFirstRight()).isEqualTo(6);
        assertThat(result.onlySecondRight()).isEqualTo(2);
        assertThat(result.top1Change()).isCloseTo(-4, ROUNDING);
        assertThat(result.standardError()).isCloseTo(Math.sqrt(8 - 16 / 100.0), ROUNDING);
    }

    private static void add(PairedPredictions paired, int times, int first, int second) {
        for (int i = 0; i < times; i++) {
            paired.add(first, second, 1);
        }
    }

    @Test
    void paired_withoutPredictions_neitherAgreesNorIsRight() {
        PairedPredictions paired = new PairedPredictions();
        paired.add(Classification.NONE, Classification.NONE, Classification.NONE);

        assertThat(paired.result().agreement()).isZero();
        assertThat(paired.result().bothRight()).isZero();
    }
}
