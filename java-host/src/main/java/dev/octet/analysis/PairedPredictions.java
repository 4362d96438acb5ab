package dev.octet.analysis;

/**
 * Two models' predictions for the same samples. Judging them in pairs tells small differences apart that two separate
 * accuracies, each with its own standard error, cannot. Not thread-safe.
 */
public final class PairedPredictions {
    private long count;
    private long equal;
    private long bothRight;
    private long onlyFirstRight;
    private long onlySecondRight;

    /**
     * Counts.
     *
     * @param agreement share of samples with equal predictions, in [0, 1]
     * @param top1Change of the second against the first, in percentage points
     * @param standardError of {@code top1Change}, from the samples that only one of them gets right (McNemar):
     *     {@code sqrt(b + c - (b - c)^2 / n) / n}
     */
    public record Result(
            long count,
            double agreement,
            long bothRight,
            long onlyFirstRight,
            long onlySecondRight,
            double top1Change,
            double standardError) {}

    /** Takes in one sample; {@link Classification#NONE} is equal to nothing and never right. */
    public void add(int first, int second, int label) {
        boolean firstRight = first == label && first != Classification.NONE;
        boolean secondRight = second == label && second != Classification.NONE;
        count++;
        equal += first == second && first != Classification.NONE ? 1 : 0;
        bothRight += firstRight && secondRight ? 1 : 0;
        onlyFirstRight += firstRight && !secondRight ? 1 : 0;
        onlySecondRight += secondRight && !firstRight ? 1 : 0;
    }

    /**
     * The counts so far.
     *
     * @throws IllegalStateException if there is no sample yet
     */
    public Result result() {
        if (count == 0) {
            throw new IllegalStateException("no sample was predicted");
        }
        double change = (double) onlySecondRight - onlyFirstRight;
        double variance = (double) onlySecondRight + onlyFirstRight - change * change / count;
        return new Result(
                count,
                (double) equal / count,
                bothRight,
                onlyFirstRight,
                onlySecondRight,
                100 * change / count,
                100 * Math.sqrt(variance) / count);
    }
}
