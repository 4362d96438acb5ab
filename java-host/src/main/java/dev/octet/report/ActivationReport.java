package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.octet.quant.QuantRange;

/**
 * What calibration saw of one activation and the range it chose.
 *
 * @param tensor its name in the model
 * @param observed the least and the greatest value seen
 * @param chosen the range it is quantized over
 * @param histogram how often each value was seen
 */
public record ActivationReport(String tensor, QuantRange observed, QuantRange chosen, BinCounts histogram) {
    /**
     * Counts in bins of equal width.
     *
     * @param low lower edge of the first bin
     * @param high upper edge of the last bin
     * @param counts one count a bin; copied
     * @param absolute whether the magnitudes were counted rather than the values
     */
    public record BinCounts(double low, double high, long[] counts, boolean absolute) {
        public BinCounts {
            counts = counts.clone();
            if (!(Double.isFinite(low) && Double.isFinite(high) && low <= high)) {
                throw new IllegalArgumentException("bins from " + low + " to " + high + " are not ordered");
            }
            for (long count : counts) {
                if (count < 0) {
                    throw new IllegalArgumentException("count " + count + " is negative");
                }
            }
        }

        /** The counts; not to be changed. */
        @Override
        public long[] counts() {
            return counts;
        }

        /** A range of values as a range on the axis of the bins: of magnitudes if those were counted. */
        QuantRange onAxis(QuantRange range) {
            return absolute ? new QuantRange(0, Math.max(Math.abs(range.amin()), Math.abs(range.amax()))) : range;
        }
    }

    /** The share of values in bins whose centre lies outside the chosen range, 0 if nothing was counted. */
    @JsonProperty
    public double clippedShare() {
        long[] counts = histogram.counts();
        double width = (histogram.high() - histogram.low()) / counts.length;
        QuantRange kept = histogram.onAxis(chosen);
        double total = 0;
        double clipped = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            double centre = histogram.low() + (bin + 0.5) * width;
            total += counts[bin];
            clipped += centre < kept.amin() || centre > kept.amax() ? counts[bin] : 0;
        }
        return total == 0 ? 0 : clipped / total;
    }
}
