package dev.octet.demo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How alike vectors and rankings are. */
final class Similarity {
    private Similarity() {}

    /** The cosine of the angle between two vectors; NaN if one is zero. */
    static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaredA = 0;
        double squaredB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaredA += (double) a[i] * a[i];
            squaredB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(squaredA * squaredB);
    }

    /** Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank. */
    static double rankCorrelation(double[] a, double[] b) {
        if (a.length != b.length || a.length < 2) {
            throw new IllegalArgumentException(a.length + " and " + b.length + " values cannot be correlated");
        }
        return pearson(ranks(a), ranks(b));
    }

    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double pearson(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double both = 0;
        double squaredA = 0;
        double squaredB = 0;
        for (int i = 0; i < a.length; i++) {
            both += (a[i] - meanA) * (b[i] - meanB);
            squaredA += (a[i] - meanA) * (a[i] - meanA);
            squaredB += (b[i] - meanB) * (b[i] - meanB);
        }
        return both / Math.sqrt(squaredA * squaredB);
    }
}
