package dev.octet.analysis;

import dev.octet.tensor.Tensor;

/**
 * Counts how often labels have the greatest scores. Of equal scores the one of the lower class counts as greater. Scores
 * with a NaN predict nothing. Not thread-safe.
 */
public final class Classification {
    /** The prediction where a score is NaN. */
    public static final int NONE = -1;

    private static final int TOP = 5;

    private long count;
    private long top1;
    private long top5;

    /**
     * Counts.
     *
     * @param top1 percent of samples whose label has the greatest score
     * @param top5 percent of samples whose label is among the five greatest
     * @param standardError of {@code top1}, in percent: the binomial one, {@code sqrt(p (1 - p) / n)}
     */
    public record Result(long count, long top1Hits, long top5Hits, double top1, double top5, double standardError) {}

    /**
     * Takes in the scores of a batch.
     *
     * @param scores [N, classes], further axes of extent 1 allowed
     * @param labels N classes; one outside the scores is never hit
     */
    public void add(Tensor scores, int... labels) {
        int classes = classes(scores, labels.length);
        for (int n = 0; n < labels.length; n++) {
            int rank = rank(scores, (long) n * classes, classes, labels[n]);
            count++;
            top1 += rank == 0 ? 1 : 0;
            top5 += rank < TOP ? 1 : 0;
        }
    }

    /** The class with the greatest score of each of {@code n} samples, or {@link #NONE}. */
    public static int[] predictions(Tensor scores, int n) {
        int classes = classes(scores, n);
        int[] predictions = new int[n];
        for (int i = 0; i < n; i++) {
            predictions[i] = argmax(scores, (long) i * classes, classes);
        }
        return predictions;
    }

    private static int classes(Tensor scores, int n) {
        if (n == 0 || scores.elementCount() == 0 || scores.elementCount() % n != 0) {
            throw new IllegalArgumentException("scores " + scores + " are not those of " + n + " samples");
        }
        return Math.toIntExact(scores.elementCount() / n);
    }

    private static int argmax(Tensor scores, long first, int classes) {
        int best = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            double score = scores.getDouble(first + c);
            if (Double.isNaN(score)) {
                return NONE;
            }
            if (score > greatest) {
                greatest = score;
                best = c;
            }
        }
        return best;
    }

    /** How many classes come before the label. */
    private static int rank(Tensor scores, long first, int classes, int label) {
        if (label < 0 || label >= classes) {
            return Integer.MAX_VALUE;
        }
        double wanted = scores.getDouble(first + label);
        int rank = 0;
        for (int c = 0; c < classes; c++) {
            double score = scores.getDouble(first + c);
            if (Double.isNaN(score)) {
                return Integer.MAX_VALUE;
            }
            rank += score > wanted || (score == wanted && c < label) ? 1 : 0;
        }
        return rank;
    }

    /**
     * The counts so far.
     *
     * @throws IllegalStateException if there is no sample yet
     */
    public Result result() {
        if (count == 0) {
            throw new IllegalStateException("no sample was classified");
        }
        double share = (double) top1 / count;
        double standardError = 100 * Math.sqrt(share * (1 - share) / count);
        return new Result(count, top1, top5, 100 * share, 100.0 * top5 / count, standardError);
    }
}
