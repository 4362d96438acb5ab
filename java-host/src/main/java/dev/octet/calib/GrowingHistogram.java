package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.tensor.Tensor;

/**
 * A histogram whose range is set by the first batch and widened when a later batch exceeds it, as NVIDIA's documentation
 * describes TensorRT's calibration. Counts already taken move to wider bins by the centre of their bin. The result
 * depends on the size and order of batches: up to half of the bins, and more when squared, can end up empty. It is here
 * to show that effect; {@link Histogram} does not have it. Not thread-safe.
 */
public final class GrowingHistogram {
    /** How the range is widened until it holds the new maximum. */
    public enum Growth {
        /** Doubled. */
        POWER_OF_TWO,
        /** Squared; doubled up to 2, where squaring gains nothing. */
        SQUARED
    }

    private final int bins;
    private final Growth growth;
    private Histogram counts = new Histogram(new QuantRange(0, 0), 2);
    private boolean started;
    private boolean negative;

    /**
     * @param bins of each sign; a power of two
     */
    public GrowingHistogram(int bins, Growth growth) {
        this.bins = bins;
        this.growth = growth;
    }

    /** Makes room for a batch whose values lie in this range; must precede {@link #add} of them. */
    public void growTo(QuantRange batch) {
        negative |= batch.amin() < 0;
        float amax = Math.max(Math.abs(batch.amin()), Math.abs(batch.amax()));
        float limit = counts.limit();
        if (!started || limit == 0) {
            resize(amax);
            started = true;
        } else if (amax > limit) {
            while (amax > limit) {
                limit = widened(limit);
            }
            resize(limit);
        }
    }

    private float widened(float limit) {
        float square = limit * limit;
        boolean squared = growth == Growth.SQUARED && limit >= 2 && Float.isFinite(square);
        float wider = squared ? square : 2 * limit;
        return Math.min(wider, Float.MAX_VALUE);
    }

    private void resize(float limit) {
        long[] positives = new long[bins];
        long[] negatives = new long[bins];
        long[] old = counts.signedCounts();
        int half = counts.bins();
        double ratio = limit == 0 ? 0 : (double) counts.limit() / limit * bins / half;
        for (int k = 0; k < half; k++) {
            int to = Math.min((int) ((k + 0.5) * ratio), bins - 1);
            positives[to] += old[half + k];
            negatives[to] += old[half - 1 - k];
        }
        counts = Histogram.of(new QuantRange(-limit, limit), negatives, positives);
    }

    /** Counts every element; values beyond the range count at its ends. */
    public void add(Tensor tensor) {
        counts.add(tensor);
    }

    /** The counts so far; the range ends at what was allocated, not at what was seen. */
    public Histogram toHistogram() {
        int half = counts.bins();
        long[] signed = counts.signedCounts();
        long[] positives = new long[half];
        long[] negatives = new long[half];
        for (int k = 0; k < half; k++) {
            positives[k] = signed[half + k];
            negatives[k] = signed[half - 1 - k];
        }
        QuantRange range = new QuantRange(negative ? -counts.limit() : 0, counts.limit());
        return Histogram.of(range, negatives, positives);
    }
}
