package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;

/**
 * The range that loses the least information, measured by relative entropy (Kullback-Leibler divergence).
 *
 * <p>As in pytorch-quantization's HistogramCalibrator, after S. Migacz, "8-bit Inference with TensorRT", GTC 2017. The
 * first bin is taken to be as full as the second. For each i from {@code levels} to the number of bins: the reference is
 * bins 0..i-1 with all later counts added to bin i-1; the candidate merges bins 0..i-1 into {@code levels} equal levels
 * and spreads each level's count evenly over its bins that are not empty. The i with the least divergence of the
 * candidate from the reference wins, the largest among equals, and the range ends at the upper edge of bin i-1. Levels:
 * 128 for int8, 256 for uint8 without negative values. An affine range of values of both signs is the symmetric one cut
 * at the observed ends.
 *
 * <p>A level's bins share one candidate value, so with prefix sums of c, of c ln c and of c != 0 the divergence of one
 * candidate costs one logarithm a level: about 250,000 in all.
 */
public record EntropyCalibrator() implements Calibrator {
    static final int BINS = 2048;

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public boolean needsCounts() {
        return true;
    }

    @Override
    public QuantRange range(Histogram histogram, QuantScheme scheme) {
        long[] counts = histogram.magnitudes(BINS);
        int last = bestEnd(counts, Steps.ofMagnitudes(histogram, scheme) + 1);
        return histogram.clipped(histogram.edge(last, counts.length));
    }

    /** The number of bins to keep; {@code counts} is overwritten. */
    static int bestEnd(long[] counts, int levels) {
        counts[0] = counts[1];
        Prefixes prefixes = Prefixes.of(counts);
        double least = Double.POSITIVE_INFINITY;
        int best = counts.length;
        for (int end = levels; end <= counts.length; end++) {
            double divergence = prefixes.divergence(counts, end, levels);
            if (divergence <= least) {
                least = divergence;
                best = end;
            }
        }
        return least < Double.POSITIVE_INFINITY ? best : counts.length;
    }

    private record Prefixes(long[] sum, double[] logSum, int[] filled) {
        static Prefixes of(long[] counts) {
            Prefixes p = new Prefixes(
                    new long[counts.length + 1], new double[counts.length + 1], new int[counts.length + 1]);
            for (int k = 0; k < counts.length; k++) {
                p.sum[k + 1] = p.sum[k] + counts[k];
                p.logSum[k + 1] = p.logSum[k] + xLogX(counts[k]);
                p.filled[k + 1] = p.filled[k] + (counts[k] == 0 ? 0 : 1);
            }
            return p;
        }

        /** Infinite where the reference has a count and the candidate none. */
        double divergence(long[] counts, int end, int levels) {
            long total = sum[counts.length];
            long kept = sum[end];
            long outliers = total - kept;
            long lastCount = counts[end - 1];
            if (kept == 0 || (outliers > 0 && lastCount == 0)) {
                return Double.POSITIVE_INFINITY;
            }
            double referenceLogs = logSum[end] - xLogX(lastCount) + xLogX(lastCount + outliers);
            double candidateLogs = 0;
            int from = 0;
            for (int level = 1; level <= levels; level++) {
                int to = (int) Math.ceilDiv((long) level * end, levels);
                long levelSum = sum[to] - sum[from];
                if (levelSum > 0) {
                    long reference = level == levels ? levelSum + outliers : levelSum;
                    candidateLogs += reference * Math.log((double) levelSum / (filled[to] - filled[from]));
                }
                from = to;
            }
            return (referenceLogs - candidateLogs) / total - Math.log(total) + Math.log(kept);
        }

        private static double xLogX(long count) {
            return count == 0 ? 0 : count * Math.log(count);
        }
    }
}
