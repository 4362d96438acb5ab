package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;

/**
 * The range with the least mean squared error of rounding and clipping.
 *
 * <p>For symmetric ranges, and for uint8 without negative values, as in pytorch-quantization's HistogramCalibrator: the
 * candidates are the bins' centres from bin 128 (one more than the steps of int8) on, errors are taken at bin centres,
 * the first of equals wins; the observed maximum is a candidate too, which it is not there. With more than 2048 bins,
 * every 4th or so is tried and then all near the best. For affine ranges of values of both signs both ends are searched:
 * see {@link AffineSearch}.
 */
public record MseCalibrator() implements Calibrator {
    private static final int CANDIDATES = 2048;

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public boolean needsCounts() {
        return true;
    }

    @Override
    public QuantRange range(Histogram histogram, QuantScheme scheme) {
        if (scheme.symmetric() || Steps.isOneSided(histogram, scheme)) {
            int bins = histogram.bins();
            double end = bestEnd(histogram.magnitudes(bins), Steps.ofMagnitudes(histogram, scheme));
            return histogram.clipped(histogram.edge(end, bins));
        }
        return new AffineSearch(histogram, scheme).best();
    }

    /** The best limit in bins: a bin's centre, or the number of bins. */
    static double bestEnd(long[] counts, int steps) {
        SquaredError error = new SquaredError(counts, 0);
        int stride = Math.max(1, counts.length / CANDIDATES);
        int coarse = firstLeast(error, new Scan(Math.min(steps + 1, counts.length - 1), counts.length, stride), steps);
        int from = Math.max(coarse - stride, Math.min(steps + 1, counts.length - 1));
        int best = firstLeast(error, new Scan(from, Math.min(coarse + stride, counts.length), 1), steps);
        double whole = error.of((double) counts.length / steps, 0, steps);
        return whole < error.of((best + 0.5) / steps, 0, steps) ? counts.length : best + 0.5;
    }

    private record Scan(int from, int to, int stride) {}

    private static int firstLeast(SquaredError error, Scan scan, int steps) {
        int best = scan.from;
        double least = Double.POSITIVE_INFINITY;
        for (int i = scan.from; i < scan.to; i += scan.stride) {
            double candidate = error.of((i + 0.5) / steps, 0, steps);
            if (candidate < least) {
                least = candidate;
                best = i;
            }
        }
        return best;
    }
}
