package dev.octet.backend.cpu;

import java.util.Arrays;

/**
 * The running sums of one row of a matrix product: fp32, or int32 by way of exact fp32 blocks.
 *
 * <p>Integer mode: factors are integers of magnitude at most 255, so {@link #EXACT_TERMS} products stay below 255 * 255 *
 * 256 = 16,646,400 &lt; 2^24 and every fp32 addition of them is exact; blocks of so many are added up in int32.
 */
final class RowAccumulator {
    /** The most terms that one call may add, and that an fp32 block of an integer sum may hold. */
    static final int EXACT_TERMS = 256;

    private final float[] sums;
    private final int[] totals;
    private int width;
    private int pending;

    /**
     * Makes room for rows of up to {@code capacity} columns.
     *
     * @param exact whether the sums are integers
     */
    RowAccumulator(int capacity, boolean exact) {
        sums = new float[capacity];
        totals = exact ? new int[capacity] : new int[0];
    }

    /** Starts a row of {@code columns} zeros. */
    void reset(int columns) {
        width = columns;
        pending = 0;
        Arrays.fill(sums, 0, columns, 0);
        if (totals.length > 0) {
            Arrays.fill(totals, 0, columns, 0);
        }
    }

    /** Adds scalars times rows, see {@link Axpy#accumulate}; at most {@link #EXACT_TERMS} of them. */
    void add(float[] a, int aFrom, float[][] b, int bFrom, int count) {
        reserve(count);
        Axpy.accumulate(sums, width, a, aFrom, b, bFrom, count);
    }

    /** Adds elementwise products, see {@link Axpy#accumulateProducts}; at most {@link #EXACT_TERMS} of them. */
    void addProducts(float[][] a, int aFrom, float[][] b, int bFrom, int count) {
        reserve(count);
        Axpy.accumulateProducts(sums, width, a, aFrom, b, bFrom, count);
    }

    private void reserve(int terms) {
        if (totals.length == 0) {
            return;
        }
        if (pending + terms > EXACT_TERMS) {
            flush();
        }
        pending += terms;
    }

    private void flush() {
        for (int j = 0; j < width; j++) {
            totals[j] += (int) sums[j];
        }
        Arrays.fill(sums, 0, width, 0);
        pending = 0;
    }

    int width() {
        return width;
    }

    /** The sums of a float row. */
    float[] floats() {
        return sums;
    }

    /** The sums of an integer row. */
    int[] integers() {
        flush();
        return totals;
    }
}
