package dev.octet.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SimilarityTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void cosine_knownVectors_isTheAnglesCosine() {
        assertThat(Similarity.cosine(new float[] {1, 0}, new float[] {3, 3}))
                .isCloseTo(Math.sqrt(0.5), within(ROUNDING));
        assertThat(Similarity.cosine(new float[] {1, 2}, new float[] {-2, -4})).isCloseTo(-1, within(ROUNDING));
        assertThat(Similarity.cosine(new float[] {0, 0}, new float[] {1, 1})).isNaN();
    }

    @Test
    void rankCorrelation_sameOrder_isOne() {
        assertThat(Similarity.rankCorrelation(new double[] {1, 2, 3, 10}, new double[] {-5, 0, 100, 101}))
                .isCloseTo(1, within(ROUNDING));
        assertThat(Similarity.rankCorrelation(new double[] {1, 2, 3}, new double[] {3, 2, 1}))
                .isCloseTo(-1, within(ROUNDING));
    }

    @Test
    void rankCorrelation_oneSwap_isTheTextbooksValue() {
        double expected = 1 - 6.0 * 2 / (5 * 24);

        assertThat(Similarity.rankCorrelation(new double[] {1, 2, 3, 4, 5}, new double[] {1, 2, 3, 5, 4}))
                .isCloseTo(expected, within(ROUNDING));
    }

    @Test
    void rankCorrelation_ties_shareTheirMeanRank() {
        // Ranks 0.5 0.5 2 3 against 0 1 2 3: deviations -1 -1 .5 1.5 and -1.5 -.5 .5 1.5.
        double expected = (1.5 + 0.5 + 0.25 + 2.25) / Math.sqrt(4.5 * 5);

        assertThat(Similarity.rankCorrelation(new double[] {7, 7, 8, 9}, new double[] {1, 2, 3, 4}))
                .isCloseTo(expected, within(ROUNDING));
    }

    @Test
    void rankCorrelation_differentLengths_isRefused() {
        assertThatThrownBy(() -> Similarity.rankCorrelation(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
