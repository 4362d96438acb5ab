package dev.octet.analysis;

import java.util.Arrays;
import java.util.Comparator;

/** Correlation of two series. */
public final class Correlation {
    private Correlation() {}

    /**
     * Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their ranks.
     *
     * @return in [-1, 1]; NaN if a value is NaN or one side is constant
     * @throws IllegalArgumentException if the lengths differ or are below 2
     */
    public static double spearman(double[] a, double[] b) {
        requirePairs(a, b);
        if (Arrays.stream(a).anyMatch(Double::isNaN) || Arrays.stream(b).anyMatch(Double::isNaN)) {
            return Double.NaN;
        }
        return pearson(ranks(a), ranks(b));
    }

    /**
     * Pearson's correlation coefficient.
     *
     * @return in [-1, 1]; NaN if a value is NaN or one side is constant
     * @throws IllegalArgumentException if the lengths differ or are below 2
     */
    public static double pearson(double[] a, double[] b) {
        requirePairs(a, b);
        double meanA = mean(a);
        double meanB = mean(b);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        double r = ab / Math.sqrt(aa) / Math.sqrt(bb);
        return Double.isNaN(r) ? Double.NaN : Math.clamp(r, -1.0, 1.0);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        // Adding zero makes the two zeros equal.
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i] + 0.0));
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            double shared = (from + to - 1) / 2.0;
            for (int i = from; i < to; i++) {
                ranks[order[i]] = shared;
            }
            from = to;
        }
        return ranks;
    }

    private static void requirePairs(double[] a, double[] b) {
        if (a.length != b.length || a.length < 2) {
            throw new IllegalArgumentException(a.length + " and " + b.length + " values cannot be correlated");
        }
    }
}
