package dev.octet.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
final class NumberText {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private NumberText() {}

    /** Four significant digits, plain between 0.001 and 100,000 and with an exponent beyond. */
    static String plain(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        }
        double magnitude = Math.abs(value);
        if (magnitude != 0 && (magnitude < 1e-3 || magnitude >= 1e5)) {
            return minus(String.format(Locale.ROOT, "%.2e", value));
        }
        BigDecimal rounded = new BigDecimal(value).round(FOUR_DIGITS);
        return minus(rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString());
    }

    /** A ratio with two decimals. */
    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Decibels with one decimal; {@code exact} if there is no noise at all. */
    static String decibels(double value) {
        return value == Double.POSITIVE_INFINITY
                ? "exact"
                : Double.isFinite(value) ? minus(String.format(Locale.ROOT, "%.1f dB", value)) : plain(value);
    }

    /** A size in bytes with a decimal unit. */
    static String bytes(long sizeBytes) {
        return sizeBytes < 1000 ? sizeBytes + " B" : scaled(sizeBytes, "B");
    }

    /** A count with a decimal prefix: {@code 301 M}. */
    static String count(long value) {
        return value < 10_000 ? Long.toString(value) : scaled(value, "").strip();
    }

    private static String scaled(long value, String unit) {
        String[] prefixes = {"k", "M", "G", "T", "P", "E"};
        double rest = value / 1000.0;
        int prefix = 0;
        while (rest >= 999.5 && prefix < prefixes.length - 1) {
            rest /= 1000;
            prefix++;
        }
        String digits = rest < 9.995 ? "%.2f" : rest < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, digits, rest) + " " + prefixes[prefix] + unit;
    }

    /** A share in percent; never rounded up to 100 or down to 0. */
    static String percent(double share) {
        if (Double.isNaN(share)) {
            return "NaN";
        }
        double percent = 100 * share;
        if (percent > 0 && percent < 0.01) {
            return "< 0.01 %";
        }
        if (percent < 100 && percent > 99.99) {
            return "> 99.99 %";
        }
        return String.format(
                Locale.ROOT,
                (percent > 0 && percent < 1) || (percent > 99 && percent < 100) ? "%.2f %%" : "%.1f %%",
                percent);
    }

    /** A length in a drawing: at most two decimals. */
    static String coordinate(double value) {
        long hundredths = Math.round(100 * value);
        return hundredths % 100 == 0 ? Long.toString(hundredths / 100) : Double.toString(hundredths / 100.0);
    }

    private static String minus(String text) {
        return text.replace('-', '−');
    }
}
