package dev.octet.profile.read;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Numbers and time units as profilers print them. */
final class Quantity {
    private static final Pattern THOUSANDS = Pattern.compile("-?\\d{1,3}(,\\d{3})+(\\.\\d+)?");
    private static final Pattern POINTS_AS_THOUSANDS = Pattern.compile("-?\\d{1,3}(\\.\\d{3})+,\\d+");

    private Quantity() {}

    /** A number with commas between thousands, or with a decimal comma; empty if the text is none or not finite. */
    static OptionalDouble number(String text) {
        String plain = text.strip();
        if (THOUSANDS.matcher(plain).matches()) {
            plain = plain.replace(",", "");
        } else if (POINTS_AS_THOUSANDS.matcher(plain).matches()) {
            plain = plain.replace(".", "").replace(',', '.');
        } else {
            plain = plain.replace(',', '.');
        }
        try {
            double value = Double.parseDouble(plain);
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** How many nanoseconds a unit of time has. */
    static Optional<Double> nanosPer(String unit) {
        return switch (unit.strip().toLowerCase(Locale.ROOT)) {
            case "ns", "nsec", "nsecond", "nanosecond", "nanoseconds" -> Optional.of(1.0);
            case "us", "µs", "μs", "usec", "usecond", "microsecond", "microseconds" -> Optional.of(1e3);
            case "ms", "msec", "msecond", "millisecond", "milliseconds" -> Optional.of(1e6);
            case "s", "sec", "second", "seconds" -> Optional.of(1e9);
            case "m", "min", "minute", "minutes" -> Optional.of(60e9);
            default -> Optional.empty();
        };
    }

    /** How many bytes, or bytes a second, a unit of Nsight Compute has; 1 for every other unit. */
    static double bytesPer(String unit) {
        return switch (unit.strip()
                .toLowerCase(Locale.ROOT)
                .replace("/second", "")
                .replace("/s", "")) {
            case "kbyte" -> 1e3;
            case "mbyte" -> 1e6;
            case "gbyte" -> 1e9;
            case "tbyte" -> 1e12;
            default -> 1;
        };
    }
}
