package dev.octet.calib;

import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What calibration saw: the material from which any {@link Calibrator} makes a {@link RangeTable}.
 *
 * @param observers of every value, by name
 * @param histograms of every value, or none
 * @param means of the values whose channel means were asked for
 */
public record CalibrationData(
        int samples,
        String dataSha256,
        Map<String, RangeObserver> observers,
        Map<String, Histogram> histograms,
        Map<String, ChannelMeans> means) {
    private static final int SUMMARY_BINS = 64;
    private static final int LEAST_BINS = 2;

    public CalibrationData {
        observers = Map.copyOf(observers);
        histograms = Map.copyOf(histograms);
        means = Map.copyOf(means);
    }

    /**
     * Which model the ranges are for, and what made them.
     *
     * @param modelSha256 in lower-case hexadecimal
     */
    public record Origin(String modelSha256, String octetVersion) {}

    /**
     * Chooses the range of every value that had at least one element.
     *
     * @throws IllegalArgumentException if the calibrator needs counts and there are none
     */
    public RangeTable table(Calibrator calibrator, ActivationScheme scheme, Origin origin) {
        if (calibrator.needsCounts() && histograms.isEmpty() && !observers.isEmpty()) {
            throw new IllegalArgumentException(calibrator.name() + " needs histograms");
        }
        TreeMap<String, RangeTable.Entry> entries = new TreeMap<>();
        observers.forEach((name, seen) -> {
            if (seen.count() > 0) {
                entries.put(name, entry(name, seen, calibrator, scheme));
            }
        });
        RangeTable.Provenance provenance = new RangeTable.Provenance(
                origin.modelSha256(),
                dataSha256,
                samples,
                calibrator.name(),
                scheme.name(),
                histograms.values().stream()
                        .mapToInt(Histogram::bins)
                        .findFirst()
                        .orElse(0),
                origin.octetVersion());
        return new RangeTable(entries, Optional.of(provenance));
    }

    private RangeTable.Entry entry(String name, RangeObserver seen, Calibrator calibrator, ActivationScheme scheme) {
        Optional<Histogram> counted = Optional.ofNullable(histograms.get(name));
        Histogram histogram = counted.orElseGet(() -> new Histogram(seen.range(), LEAST_BINS));
        QuantRange range = calibrator.range(histogram, scheme.forObserved(seen.range()));
        RangeTable.Observation observed = new RangeTable.Observation(
                seen.range(), seen.count(), counted.map(CalibrationData::summary), channelMeans(name));
        return new RangeTable.Entry(range, Optional.of(observed));
    }

    private List<Float> channelMeans(String name) {
        List<Float> result = new ArrayList<>();
        ChannelMeans collected = means.get(name);
        if (collected != null) {
            for (float mean : collected.means()) {
                result.add(mean);
            }
        }
        return result;
    }

    /** At most 64 bins of each sign; only the positive ones where no value is negative. */
    private static RangeTable.Bins summary(Histogram histogram) {
        long[] counts = histogram.signedCounts();
        int bins = Math.min(SUMMARY_BINS, histogram.bins());
        int ratio = histogram.bins() / bins;
        boolean negative = histogram.observed().amin() < 0;
        List<Long> sums = new ArrayList<>();
        for (int first = negative ? 0 : counts.length / 2; first < counts.length; first += ratio) {
            long sum = 0;
            for (int k = first; k < first + ratio; k++) {
                sum += counts[k];
            }
            sums.add(sum);
        }
        return new RangeTable.Bins(negative ? -histogram.limit() : 0, histogram.limit(), sums);
    }
}
