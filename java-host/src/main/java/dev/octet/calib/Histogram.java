package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.tensor.Tensor;

/**
 * How often each value occurs in a tensor, over a range known beforehand.
 *
 * <p>With {@code limit = max(|amin|, |amax|)}, bin k of either sign counts values with
 * {@code min(floor(|x| * (bins / limit)), bins - 1) == k} in fp64; zero counts as positive. Counts are integers, so
 * merging is exact, associative and commutative. As the number of bins is a power of two, {@link #magnitudes} with fewer
 * bins gives what counting with fewer bins would have given. Not thread-safe while values are added.
 */
public final class Histogram {
    /** Bins a sign by default: fine enough for 8 bits on a range clipped to 1/32. */
    public static final int DEFAULT_BINS = 8192;

    private final QuantRange observed;
    private final int bins;
    // Positive bins, then negative bins; neighbouring elements go to different halves, because a bin that is
    // incremented twice in a row would wait for its own store.
    private final long[] even;
    private final long[] odd;

    /**
     * An empty histogram.
     *
     * @param observed the range that holds all values to come
     * @param bins of each sign; a power of two
     */
    public Histogram(QuantRange observed, int bins) {
        if (bins < 2 || Integer.bitCount(bins) != 1 || bins > 1 << 20) {
            throw new IllegalArgumentException(bins + " bins: not a power of two in [2, 2^20]");
        }
        this.observed = observed;
        this.bins = bins;
        this.even = new long[2 * bins];
        this.odd = new long[2 * bins];
    }

    /**
     * A histogram with given counts.
     *
     * @param negative counts of values below zero by magnitude
     * @param positive counts of the others; as many bins
     */
    public static Histogram of(QuantRange observed, long[] negative, long[] positive) {
        if (negative.length != positive.length) {
            throw new IllegalArgumentException(negative.length + " negative but " + positive.length + " positive bins");
        }
        Histogram histogram = new Histogram(observed, positive.length);
        System.arraycopy(positive, 0, histogram.even, 0, positive.length);
        System.arraycopy(negative, 0, histogram.even, positive.length, negative.length);
        return histogram;
    }

    /**
     * Counts every element.
     *
     * @param tensor of a float type, every value finite and within the observed range (others count at its ends)
     */
    public void add(Tensor tensor) {
        FloatChunks.forEach(tensor, this::add);
    }

    private void add(float[] values, int length) {
        double binsPerUnit = limit() == 0 ? 0 : bins / (double) limit();
        int pairs = length & ~1;
        for (int i = 0; i < pairs; i += 2) {
            even[index(values[i], binsPerUnit)]++;
            odd[index(values[i + 1], binsPerUnit)]++;
        }
        if (pairs < length) {
            even[index(values[pairs], binsPerUnit)]++;
        }
    }

    private int index(float value, double binsPerUnit) {
        int bin = Math.min((int) (Math.abs(value) * binsPerUnit), bins - 1);
        // Adding zero turns a negative zero into a positive one.
        return bin + (Float.floatToRawIntBits(value + 0f) >>> 31) * bins;
    }

    /**
     * Adds another histogram's counts.
     *
     * @throws IllegalArgumentException if range or number of bins differ
     */
    public void merge(Histogram other) {
        if (!other.observed.equals(observed) || other.bins != bins) {
            throw new IllegalArgumentException("cannot merge a histogram of " + other.bins + " bins over "
                    + other.observed + " into one of " + bins + " over " + observed);
        }
        for (int i = 0; i < even.length; i++) {
            even[i] += other.even[i];
            odd[i] += other.odd[i];
        }
    }

    /** The observed range, which need not hold zero. */
    public QuantRange observed() {
        return observed;
    }

    /** The largest magnitude: the upper edge of the last bin. */
    public float limit() {
        return Math.max(Math.abs(observed.amin()), Math.abs(observed.amax()));
    }

    public int bins() {
        return bins;
    }

    /** How many values were counted. */
    public long total() {
        long total = 0;
        for (int i = 0; i < even.length; i++) {
            total += even[i] + odd[i];
        }
        return total;
    }

    /** Counts of |x| over [0, limit] in at most this many bins; a new array. */
    public long[] magnitudes(int maxBins) {
        int count = Math.min(bins, Integer.highestOneBit(maxBins));
        long[] result = new long[count];
        int ratio = bins / count;
        for (int i = 0; i < even.length; i++) {
            result[(i & (bins - 1)) / ratio] += even[i] + odd[i];
        }
        return result;
    }

    /** Counts over [-limit, limit] from the lowest value up: twice {@link #bins} of them; a new array. */
    public long[] signedCounts() {
        long[] result = new long[2 * bins];
        for (int k = 0; k < bins; k++) {
            result[bins + k] = even[k] + odd[k];
            result[bins - 1 - k] = even[bins + k] + odd[bins + k];
        }
        return result;
    }

    /** The magnitude at the lower edge of bin {@code k} of {@code count} equal bins. */
    float edge(double k, int count) {
        return (float) (limit() * (k / count));
    }

    /** The observed range, widened to hold zero, with magnitudes beyond {@code amax} cut off. */
    QuantRange clipped(float amax) {
        QuantRange whole = observed.withZero();
        return new QuantRange(Math.max(whole.amin(), -amax) + 0f, Math.min(whole.amax(), amax));
    }
}
