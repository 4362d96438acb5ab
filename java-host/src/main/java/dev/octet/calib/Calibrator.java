package dev.octet.calib;

import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;

/**
 * Chooses the range that a tensor is quantized over: a wide one has coarse steps, a narrow one clips. Stateless and
 * thread-safe; the histogram is read only, so calibrators can be compared on the same one.
 */
public interface Calibrator {
    /** The name on the command line and in range tables, such as {@code percentile:99.99}. */
    String name();

    /** Whether the counts matter, or only the observed range. */
    boolean needsCounts();

    /**
     * The chosen range: it holds zero and lies within the observed range widened to zero.
     *
     * @param scheme how the range will be used: the number of steps, and whether they are shared by both signs
     */
    QuantRange range(Histogram histogram, QuantScheme scheme);
}
