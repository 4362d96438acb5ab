package dev.octet.quant;

/**
 * Searches the share of a range that gives the least sum of squared errors.
 *
 * <p>Candidates are 1.000, 0.975, ... 0.400 of the range, then steps of 0.005 about the best of them: error over the
 * share is smooth with one wide minimum, and a step of 0.005 changes a scale by half a percent. Errors are added in fp64
 * in the order of the values, and of equal candidates the widest wins, so the result is deterministic. Costs 34
 * quantizations a value at most.
 */
final class ClipSearch {
    private static final int WHOLE = 1000;
    private static final int SMALLEST = 400;
    private static final int COARSE_STEP = 25;
    private static final int FINE_STEP = 5;

    private final float[] values;
    private final QuantScheme scheme;
    private final QuantRange range;
    private QuantParams.PerTensor best;
    private int bestShare = WHOLE;
    private double leastError;

    private ClipSearch(float[] values, QuantScheme scheme, QuantRange range) {
        this.values = values;
        this.scheme = scheme;
        this.range = range;
        this.best = scheme.fromRange(range);
        this.leastError = squaredError(best, Double.POSITIVE_INFINITY);
    }

    /** The best parameters for values whose exact range is given. */
    static QuantParams.PerTensor params(float[] values, QuantScheme scheme, QuantRange range) {
        ClipSearch search = new ClipSearch(values, scheme, range);
        for (int share = WHOLE - COARSE_STEP; share >= SMALLEST; share -= COARSE_STEP) {
            search.attempt(share);
        }
        int center = search.bestShare;
        for (int delta = COARSE_STEP - FINE_STEP; delta > -COARSE_STEP; delta -= FINE_STEP) {
            search.attempt(Math.min(center + delta, WHOLE));
        }
        return search.best;
    }

    private void attempt(int share) {
        double factor = (double) share / WHOLE;
        QuantRange part = new QuantRange((float) (range.amin() * factor), (float) (range.amax() * factor));
        QuantParams.PerTensor candidate = scheme.fromRange(part);
        double error = squaredError(candidate, leastError);
        if (error < leastError) {
            leastError = error;
            best = candidate;
            bestShare = share;
        }
    }

    /** The sum of squared errors, or some sum of at least {@code limit}. */
    private double squaredError(QuantParams.PerTensor params, double limit) {
        float scale = params.scale();
        int zeroPoint = params.zeroPoint();
        double sum = 0;
        for (int i = 0; i < values.length && sum < limit; i++) {
            int q = Quantizer.quantize(values[i], scale, zeroPoint, scheme.qmin(), scheme.qmax());
            double error = (double) Quantizer.dequantize(q, scale, zeroPoint) - values[i];
            sum += error * error;
        }
        return sum;
    }
}
