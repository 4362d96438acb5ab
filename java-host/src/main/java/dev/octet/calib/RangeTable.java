package dev.octet.calib;

import dev.octet.quant.QuantRange;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The calibrated ranges of a model's values by name, and where they came from. {@link RangeFile} reads and writes it.
 *
 * @param provenance absent if the ranges come from a file that does not say
 */
public record RangeTable(SortedMap<String, Entry> entries, Optional<Provenance> provenance) {
    public RangeTable {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    /** The range of one value. */
    public record Entry(QuantRange range, Optional<Observation> observed) {}

    /**
     * What calibration saw of one value.
     *
     * @param range the exact minimum and maximum; need not hold zero
     * @param count how many elements were seen
     * @param histogram absent if values were not counted
     * @param channelMeans the mean of each channel; empty if they were not asked for
     */
    public record Observation(QuantRange range, long count, Optional<Bins> histogram, List<Float> channelMeans) {
        public Observation {
            channelMeans = List.copyOf(channelMeans);
            if (count < 0) {
                throw new IllegalArgumentException("count " + count + " is negative");
            }
        }
    }

    /**
     * A small histogram for reports.
     *
     * @param amin lower edge of the first bin
     * @param amax upper edge of the last bin; all bins are equally wide
     */
    public record Bins(float amin, float amax, List<Long> counts) {
        public Bins {
            counts = List.copyOf(counts);
            if (!(Float.isFinite(amin) && Float.isFinite(amax) && amin <= amax)) {
                throw new IllegalArgumentException("bins from " + amin + " to " + amax + " are not ordered");
            }
            if (counts.stream().anyMatch(count -> count < 0)) {
                throw new IllegalArgumentException("a count is negative");
            }
        }
    }

    /**
     * Where ranges come from. Hashes are SHA-256 in lower-case hexadecimal.
     *
     * @param dataSha256 of the samples, whatever their order; see {@link DataDigest}
     * @param method the calibrator's name
     * @param scheme the scheme of activations that the ranges were chosen for
     * @param bins of each sign; 0 if values were not counted
     */
    public record Provenance(
            String modelSha256,
            String dataSha256,
            int samples,
            String method,
            String scheme,
            int bins,
            String octetVersion) {}

    /** The entry of a value, if it was calibrated. */
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** The channel means of every value that has them, by name. */
    public Map<String, float[]> channelMeans() {
        Map<String, float[]> means = new TreeMap<>();
        entries.forEach((name, entry) -> {
            List<Float> list = entry.observed().map(Observation::channelMeans).orElse(List.of());
            float[] values = new float[list.size()];
            for (int c = 0; c < values.length; c++) {
                values[c] = list.get(c);
            }
            if (values.length > 0) {
                means.put(name, values);
            }
        });
        return means;
    }

    /** The range of every value, by name. */
    public Map<String, QuantRange> ranges() {
        Map<String, QuantRange> ranges = new TreeMap<>();
        entries.forEach((name, entry) -> ranges.put(name, entry.range()));
        return ranges;
    }
}
