package dev.octet.quant;

import dev.octet.tensor.Tensor;
import java.util.Arrays;

/**
 * Searches the share of each group's range that gives the least sum of squared errors.
 *
 * <p>Candidates are 1.000, 0.975, ... 0.400 of the range, then steps of 0.005 about the best of them: error over the
 * share is smooth with one wide minimum, and a step of 0.005 changes a scale by half a percent. Errors are added in
 * fp64 in the order of the elements, and of equal candidates the widest wins, so the result is deterministic. Costs 34
 * quantizations an element at most.
 */
final class ClipSearch {
    private static final int COARSE_STEP = 25;
    private static final int FINE_STEP = 5;
    private static final int SMALLEST = 400;
    private static final int WHOLE = 1000;

    private final Tensor w;
    private final Partition partition;
    private final QuantScheme scheme;
    private final QuantRange[] ranges;
    private final QuantParams.PerTensor[] best;
    private final double[] leastError;
    private final int[] bestShare;

    private ClipSearch(Tensor w, Partition partition, QuantScheme scheme, QuantRange[] ranges) {
        this.w = w;
        this.partition = partition;
        this.scheme = scheme;
        this.ranges = ranges;
        this.best = new QuantParams.PerTensor[ranges.length];
        this.leastError = new double[ranges.length];
        this.bestShare = new int[ranges.length];
        Arrays.fill(leastError, Double.POSITIVE_INFINITY);
    }

    static QuantParams.PerTensor[] params(Tensor w, Partition partition, QuantScheme scheme, QuantRange[] ranges) {
        ClipSearch search = new ClipSearch(w, partition, scheme, ranges);
        int[] shares = new int[ranges.length];
        for (int share = WHOLE; share >= SMALLEST; share -= COARSE_STEP) {
            Arrays.fill(shares, share);
            search.attempt(shares);
        }
        int[] centers = search.bestShare.clone();
        for (int delta = COARSE_STEP - FINE_STEP; delta > -COARSE_STEP; delta -= FINE_STEP) {
            for (int i = 0; i < shares.length; i++) {
                shares[i] = Math.min(centers[i] + delta, WHOLE);
            }
            search.attempt(shares);
        }
        return search.best;
    }

    private void attempt(int[] shares) {
        QuantParams.PerTensor[] candidates = new QuantParams.PerTensor[ranges.length];
        Arrays.setAll(candidates, i -> scheme.fromRange(scaled(ranges[i], shares[i])));
        double[] errors = new double[ranges.length];
        partition.forEachRun((index, first, length) -> {
            if (errors[index] < leastError[index]) {
                errors[index] += squaredError(candidates[index], first, length);
            }
        });
        for (int i = 0; i < errors.length; i++) {
            if (errors[i] < leastError[i]) {
                leastError[i] = errors[i];
                best[i] = candidates[i];
                bestShare[i] = shares[i];
            }
        }
    }

    private static QuantRange scaled(QuantRange range, int share) {
        double factor = (double) share / WHOLE;
        return new QuantRange((float) (range.amin() * factor), (float) (range.amax() * factor));
    }

    private double squaredError(QuantParams.PerTensor params, long first, long length) {
        float scale = params.scale();
        int zeroPoint = params.zeroPoint();
        double sum = 0;
        for (long i = first; i < first + length; i++) {
            float x = w.getFloat(i);
            int q = Quantizer.quantize(x, scale, zeroPoint, scheme.qmin(), scheme.qmax());
            double error = (double) Quantizer.dequantize(q, scale, zeroPoint) - x;
            sum += error * error;
        }
        return sum;
    }
}
