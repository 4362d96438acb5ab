package dev.octet.profile.peak;

import java.util.Locale;

/**
 * Operations a second of one unit in one precision, a multiply-accumulate counted as two.
 *
 * @param multiprocessors that work at once
 * @param clockGHz at which the vendor states this figure
 * @param operationsPerClock of one multiprocessor
 */
public record Peak(
        PeakUnit unit, PeakPrecision precision, int multiprocessors, double clockGHz, int operationsPerClock) {
    public Peak {
        boolean positive = multiprocessors > 0 && clockGHz > 0 && operationsPerClock > 0;
        if (!positive || !Double.isFinite(clockGHz)) {
            throw new IllegalArgumentException("a peak of " + multiprocessors + " SMs, " + clockGHz + " GHz, "
                    + operationsPerClock + " operations a clock");
        }
    }

    /** Tera operations a second. */
    public double tops() {
        return multiprocessors * clockGHz * operationsPerClock / 1e3;
    }

    /** How the figure comes about: {@code 108 SMs x 1.410 GHz x 4096 ops/clk/SM = 623.7 TOPS}. */
    public String derivation() {
        return String.format(
                Locale.ROOT,
                "%d SMs x %.3f GHz x %d ops/clk/SM = %.1f %s",
                multiprocessors,
                clockGHz,
                operationsPerClock,
                tops(),
                precision == PeakPrecision.INT8 ? "TOPS" : "TFLOPS");
    }
}
