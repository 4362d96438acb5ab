package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;
import java.math.BigDecimal;

/**
 * The range that holds a given share of all values.
 *
 * <p>As in pytorch-quantization's HistogramCalibrator: the lower edge of the first bin at which the cumulated share of
 * |x| reaches the percentile. Two departures: the first bin counts as a whole (its lower edge would be an empty range),
 * and 100 gives the observed maximum instead of the last bin's lower edge. An affine range of values of both signs leaves
 * half of the rest at either end.
 *
 * @param percent in (0, 100]
 */
public record PercentileCalibrator(double percent) implements Calibrator {
    public PercentileCalibrator {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("percentile " + percent + " is not in (0, 100]");
        }
    }

    @Override
    public String name() {
        return "percentile:" + BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString();
    }

    @Override
    public boolean needsCounts() {
        return percent < 100;
    }

    @Override
    public QuantRange range(Histogram histogram, QuantScheme scheme) {
        QuantRange whole = histogram.observed().withZero();
        if (percent == 100 || histogram.total() == 0) {
            return whole;
        }
        if (scheme.symmetric() || whole.amin() == 0 || whole.amax() == 0) {
            long[] counts = histogram.magnitudes(histogram.bins());
            return histogram.clipped(histogram.edge(Math.max(binAt(counts, percent / 100), 1), counts.length));
        }
        return splitTails(histogram, whole);
    }

    private QuantRange splitTails(Histogram histogram, QuantRange whole) {
        double share = 1 - (1 - percent / 100) / 2;
        long[] counts = histogram.signedCounts();
        int bins = histogram.bins();
        float amax = histogram.edge(binAt(counts, share) - (double) bins, bins);
        long[] reversed = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            reversed[i] = counts[counts.length - 1 - i];
        }
        float amin = -histogram.edge(binAt(reversed, share) - (double) bins, bins);
        float smallest = histogram.edge(1, bins);
        float low = Math.max(whole.amin(), Math.min(amin, -smallest));
        float high = Math.min(whole.amax(), Math.max(amax, smallest));
        return new QuantRange(low, high);
    }

    private static int binAt(long[] counts, double share) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        long sum = 0;
        for (int k = 0; k < counts.length; k++) {
            sum += counts[k];
            if ((double) sum / total >= share) {
                return k;
            }
        }
        return counts.length;
    }
}
