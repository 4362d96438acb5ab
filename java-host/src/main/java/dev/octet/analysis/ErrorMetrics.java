package dev.octet.analysis;

/**
 * How far a tensor is from a reference. All three measures are NaN if any pair of elements could not be compared, so
 * that no threshold is passed by accident.
 *
 * @param count pairs of elements
 * @param incomparable pairs with a NaN, or with an infinity that only one side has
 * @param sqnrDb {@code 10 log10(sum(reference^2) / sum(error^2))}; infinite without error, minus infinite where the
 *     reference is zero and the other is not
 * @param cosine of the angle between the two as vectors; 1 if both are zero, 0 if one is
 */
public record ErrorMetrics(long count, long incomparable, double sqnrDb, double cosine, double maxAbsError) {
    /** The greatest error in quantization steps of this scale. */
    public double maxErrorSteps(float scale) {
        return maxAbsError / scale;
    }

    /** Whether every pair was comparable and the signal is at least this far above the noise. */
    public boolean hasSqnrOf(double leastDb) {
        return sqnrDb >= leastDb;
    }
}
