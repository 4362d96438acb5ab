package dev.octet.profile.peak;

import java.util.Locale;

/**
 * Operations a second of one unit in one precision, a multiply-accumulate counted as two.
 *
 * @param tops tera operations a second
 * @param derivation how the figure comes about: {@code 108 SMs x 1.410 GHz x 4096 ops/clk/SM = 623.7 TOPS}
 */
public record Peak(PeakUnit unit, PeakPrecision precision, double tops, String derivation) {
    private static final double GIGA_TO_TERA = 1e3;

    public Peak {
        if (!(tops > 0) || !Double.isFinite(tops)) {
            throw new IllegalArgumentException("a peak of " + tops + " TOPS");
        }
    }

    /**
     * Of a GPU.
     *
     * @param clockGHz at which the vendor states this figure
     * @param operationsPerClock of one multiprocessor
     */
    static Peak ofGpu(
            PeakUnit unit, PeakPrecision precision, int multiprocessors, double clockGHz, int operationsPerClock) {
        double tops = multiprocessors * clockGHz * operationsPerClock / GIGA_TO_TERA;
        String derivation = String.format(
                Locale.ROOT,
                "%d SMs x %.3f GHz x %d ops/clk/SM = %.1f %s",
                multiprocessors,
                clockGHz,
                operationsPerClock,
                tops,
                word(precision));
        return new Peak(unit, precision, tops, derivation);
    }

    /** A rate that was measured. */
    public static Peak measured(PeakUnit unit, PeakPrecision precision, double tops, String how) {
        String figure = String.format(Locale.ROOT, "%.3f %s", tops, word(precision));
        return new Peak(unit, precision, tops, "measured: " + figure + ", " + how);
    }

    static String word(PeakPrecision precision) {
        return precision == PeakPrecision.INT8 ? "TOPS" : "TFLOPS";
    }
}
