package dev.octet.calib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;
import dev.octet.testing.SharedData;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Thresholds of pytorch-quantization's HistogramCalibrator on five distributions. */
class GoldenCalibrationTest {
    private static final int BINS = EntropyCalibrator.BINS;
    private static final float LIMIT = 8;

    private static JsonNode golden = new ObjectMapper().createObjectNode();

    @BeforeAll
    static void read() {
        golden = new ObjectMapper()
                .readTree(SharedData.reference()
                        .resolve("calibration-golden.json")
                        .toFile());
    }

    static long[] counts(String name) {
        long[] counts = new long[BINS];
        for (int k = 0; k < BINS; k++) {
            double center = (k + 0.5) * LIMIT / BINS;
            double height = name.equals("A") ? Math.exp(-k / 64.0) : Math.exp(-center * center / 2);
            counts[k] = name.equals("C") ? 1000 : (long) Math.rint(1e6 * height);
        }
        if (!name.equals("C")) {
            counts[BINS - 1] += 5;
        }
        if (name.equals("D")) {
            counts[0] += 300_000_000;
        }
        if (name.equals("E")) {
            long extra = (long) (Arrays.stream(counts).sum() * 0.01 / 10);
            for (int k = 1800; k < 1810; k++) {
                counts[k] += extra;
            }
        }
        return counts;
    }

    private static Histogram histogram(String name) {
        long[] counts = counts(name);
        long[] negative = new long[BINS];
        for (int k = 0; k < BINS; k++) {
            negative[k] = counts[k] / 3;
            counts[k] -= negative[k];
        }
        return Histogram.of(new QuantRange(-LIMIT, LIMIT), negative, counts);
    }

    private static JsonNode expected(String name, String key) {
        JsonNode value = golden.path(name).path(key);
        assertThat(value.isMissingNode()).as("%s %s", name, key).isFalse();
        return value;
    }

    private static double amax(String name, Calibrator calibrator) {
        QuantRange range = calibrator.range(histogram(name), QuantScheme.SYMMETRIC_S8);
        assertThat(range.amin()).isEqualTo(-range.amax());
        return range.amax();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D", "E"})
    void histogram_ofGoldenCase_hasTheStatedTotal(String name) {
        assertThat(histogram(name).total()).isEqualTo(expected(name, "total").asLong());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D", "E"})
    void entropy_signed_equalsGolden(String name) {
        assertThat(EntropyCalibrator.bestEnd(counts(name), 128))
                .isEqualTo(expected(name, "ptq_entropy_i").asInt());
        assertThat(amax(name, new EntropyCalibrator()))
                .isEqualTo(expected(name, "ptq_entropy_amax").asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D", "E"})
    void entropy_unsigned_equalsGolden(String name) {
        Histogram histogram = Histogram.of(new QuantRange(0, LIMIT), new long[BINS], counts(name));

        QuantRange range = new EntropyCalibrator().range(histogram, QuantScheme.AFFINE_U8);

        int end = expected(name, "ptq_entropy_unsigned_start256_i").asInt();
        assertThat(range).isEqualTo(new QuantRange(0, end * LIMIT / BINS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D", "E"})
    void mse_signed_equalsGolden(String name) {
        assertThat(MseCalibrator.bestEnd(counts(name), 127))
                .isEqualTo(expected(name, "ptq_mse_i").asInt() + 0.5);
        assertThat(amax(name, new MseCalibrator()))
                .isEqualTo(expected(name, "ptq_mse_amax").asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D", "E"})
    void percentile_each_equalsGolden(String name) {
        for (String percent : new String[] {"99", "99.9", "99.99", "99.999", "99.9999"}) {
            int bin = expected(name, "pct_" + percent + "_i").asInt();

            assertThat(amax(name, Calibrators.parse("percentile:" + percent)))
                    .as(percent)
                    .isEqualTo(bin * 8.0 / BINS);
        }
    }

    /** The original overwrites its first bin while searching, which moves later percentiles (case D: 793 to 842). */
    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D", "E"})
    void percentile_afterEntropy_isTheSame(String name) {
        Histogram histogram = histogram(name);
        Calibrator percentile = new PercentileCalibrator(99.9);
        QuantRange before = percentile.range(histogram, QuantScheme.SYMMETRIC_S8);
        QuantRange entropy = new EntropyCalibrator().range(histogram, QuantScheme.SYMMETRIC_S8);

        assertThat(percentile.range(histogram, QuantScheme.SYMMETRIC_S8)).isEqualTo(before);
        assertThat(new EntropyCalibrator().range(histogram, QuantScheme.SYMMETRIC_S8))
                .isEqualTo(entropy);
        assertThat((double) before.amax())
                .isEqualTo(expected(name, "pct_99.9_i").asInt() * 8.0 / BINS);
    }

    @Test
    void max_anyDistribution_isTheObservedRange() {
        assertThat(new MaxCalibrator().range(histogram("E"), QuantScheme.AFFINE_U8))
                .isEqualTo(new QuantRange(-LIMIT, LIMIT));
    }
}
