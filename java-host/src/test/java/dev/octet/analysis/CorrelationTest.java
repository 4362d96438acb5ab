package dev.octet.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CorrelationTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    private static double[] of(double... values) {
        return values;
    }

    @Test
    void spearman_monotoneSeries_isOne() {
        assertThat(Correlation.spearman(of(1, 2, 3, 4), of(-5, 0, 100, 1e9))).isCloseTo(1, ROUNDING);
        assertThat(Correlation.spearman(of(1, 2, 3, 4), of(4, 3, 2, -1))).isCloseTo(-1, ROUNDING);
    }

    /** Without ties 1 - 6 sum(d^2) / (n (n^2 - 1)): here sum(d^2) = 8, n = 5. */
    @Test
    void spearman_withoutTies_equalsTheDifferenceFormula() {
        assertThat(Correlation.spearman(of(1, 2, 3, 4, 5), of(3, 1, 2, 5, 4))).isCloseTo(1 - 6.0 * 8 / 120, ROUNDING);
    }

    /** Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5). */
    @Test
    void spearman_ties_shareTheirMeanRank() {
        assertThat(Correlation.spearman(of(1, 2, 2, 3), of(1, 2, 3, 4))).isCloseTo(4.5 / Math.sqrt(4.5 * 5), ROUNDING);
        assertThat(Correlation.spearman(of(-1, -0.0, 0.0, 3), of(1, 2, 3, 4)))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), ROUNDING);
    }

    @Test
    void pearson_knownSeries_isExact() {
        assertThat(Correlation.pearson(of(1, 2, 3), of(1, 2, 4))).isCloseTo(3 / Math.sqrt(2 * 14 / 3.0), ROUNDING);
    }

    @Test
    void correlation_nanOrConstant_isNaN() {
        assertThat(Correlation.spearman(of(1, Double.NaN), of(1, 2))).isNaN();
        assertThat(Correlation.spearman(of(1, 1), of(1, 2))).isNaN();
        assertThat(Correlation.pearson(of(1, Double.NaN), of(1, 2))).isNaN();
    }

    @Test
    void correlation_unequalLengths_areRefused() {
        assertThatThrownBy(() -> Correlation.spearman(of(1, 2), of(1, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Correlation.pearson(of(1), of(1))).isInstanceOf(IllegalArgumentException.class);
    }
}
