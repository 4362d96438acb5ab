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
    private final float[] floatScratch;
    private final int[] intScratch;
    private final byte[] bytes;
    private int width;
    private int pending;
    private boolean hasTotals;

    /**
     * Makes room for rows of up to {@code capacity} columns.
     *
     * @param exact whether the sums are integers
     */
    RowAccumulator(int capacity, boolean exact) {
        sums = new float[capacity];
        totals = new int[exact ? capacity : 0];
        floatScratch = new float[capacity];
        intScratch = new int[exact ? capacity : 0];
        bytes = new byte[exact ? capacity : 0];
    }

    /** Starts a row of {@code columns} zeros. */
    void reset(int columns) {
        width = columns;
        pending = 0;
        hasTotals = false;
        Arrays.fill(sums, 0, columns, 0);
    }

    /** Puts another row, which ends with that, behind this one; all rows have as many terms. */
    void append(RowAccumulator row) {
        if (row.hasTotals) {
            row.flush();
            System.arraycopy(row.totals, 0, totals, width, row.width);
            Arrays.fill(sums, width, width + row.width, 0);
            hasTotals = true;
        } else {
            System.arraycopy(row.sums, 0, sums, width, row.width);
        }
        width += row.width;
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
            Arrays.fill(sums, 0, width, 0);
            pending = 0;
        }
        pending += terms;
    }

    private void flush() {
        if (hasTotals) {
            for (int j = 0; j < width; j++) {
                totals[j] += (int) sums[j];
            }
        } else {
            for (int j = 0; j < width; j++) {
                totals[j] = (int) sums[j];
            }
        }
        hasTotals = true;
    }

    int width() {
        return width;
    }

    /** The sums of a float row. */
    float[] floats() {
        return sums;
    }

    /** Ends an integer row and returns its sums. */
    int[] integers() {
        flush();
        return totals;
    }

    /** Room for the row's bytes. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * The parameters of the row's columns: from {@code channel} on, starting over at the end of {@code values}, if
     * {@code step} is 1, else {@code channel}'s for all. A single value is everybody's. Valid until the next call.
     *
     * @param values one entry a channel, or one for all
     */
    float[] spread(float[] values, int channel, int step) {
        if (step == 0 || values.length == 1) {
            Arrays.fill(floatScratch, 0, width, values[values.length == 1 ? 0 : channel]);
            return floatScratch;
        }
        for (int done = 0, from = channel; done < width; from = 0) {
            int count = Math.min(values.length - from, width - done);
            System.arraycopy(values, from, floatScratch, done, count);
            done += count;
        }
        return floatScratch;
    }

    /** The same for integers. */
    int[] spread(int[] values, int channel, int step) {
        if (step == 0) {
            Arrays.fill(intScratch, 0, width, values[channel]);
            return intScratch;
        }
        for (int done = 0, from = channel; done < width; from = 0) {
            int count = Math.min(values.length - from, width - done);
            System.arraycopy(values, from, intScratch, done, count);
            done += count;
        }
        return intScratch;
    }
}
