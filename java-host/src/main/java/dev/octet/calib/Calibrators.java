package dev.octet.calib;

import dev.octet.tensor.ConfigException;
import java.util.List;
import java.util.Locale;

/** The calibrators. */
public final class Calibrators {
    private static final String PERCENTILE = "percentile:";

    /** One of each kind, with the percentiles that are usually tried. */
    public static final List<Calibrator> ALL = List.of(
            new MaxCalibrator(),
            new EntropyCalibrator(),
            new PercentileCalibrator(99.9),
            new PercentileCalibrator(99.99),
            new PercentileCalibrator(99.999),
            new PercentileCalibrator(99.9999),
            new MseCalibrator());

    private Calibrators() {}

    /**
     * The calibrator with this name; {@code percentile:P} takes any P in (0, 100].
     *
     * @throws ConfigException if there is none
     */
    public static Calibrator parse(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (Calibrator calibrator : ALL) {
            if (calibrator.name().equals(wanted)) {
                return calibrator;
            }
        }
        if (wanted.startsWith(PERCENTILE)) {
            try {
                return new PercentileCalibrator(Double.parseDouble(wanted.substring(PERCENTILE.length())));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        "calibrator \"" + name + "\": the percentile must be a number above 0 and at most 100", e);
            }
        }
        throw new ConfigException(
                "there is no calibrator \"" + name + "\"; choose max, entropy, percentile:P (such as 99.99) or mse");
    }
}
