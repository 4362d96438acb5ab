package dev.octet.analysis;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Collects the error of a tensor against a reference over many samples. Sums are fp64 in the order of the elements and
 * of the calls; over n elements their relative error is below n * 2^-53. Not thread-safe.
 */
public final class ErrorSums {
    private static final int CHUNK = 4096;

    private final float[] expected = new float[CHUNK];
    private final float[] actual = new float[CHUNK];
    private long count;
    private long incomparable;
    private double signal;
    private double otherSignal;
    private double product;
    private double noise;
    private double maxAbsError;

    /**
     * Takes in every pair of elements.
     *
     * @param reference any type
     * @param other as many elements, any type
     * @throws IllegalArgumentException if the numbers of elements differ
     */
    public void add(Tensor reference, Tensor other) {
        long total = reference.elementCount();
        if (other.elementCount() != total) {
            throw new IllegalArgumentException("cannot compare " + reference + " with " + other);
        }
        for (long first = 0; first < total; first += CHUNK) {
            int length = (int) Math.min(CHUNK, total - first);
            copy(reference, first, expected, length);
            copy(other, first, actual, length);
            add(length);
        }
        count += total;
    }

    private static void copy(Tensor tensor, long first, float[] chunk, int length) {
        if (tensor.dtype() == DType.F32) {
            MemorySegment.copy(tensor.data(), Tensor.F32_LAYOUT, first * Float.BYTES, chunk, 0, length);
        } else {
            for (int i = 0; i < length; i++) {
                chunk[i] = tensor.getFloat(first + i);
            }
        }
    }

    private void add(int length) {
        for (int i = 0; i < length; i++) {
            double x = expected[i];
            double y = actual[i];
            double error = Math.abs(x - y);
            if (error < Double.POSITIVE_INFINITY) {
                signal += x * x;
                otherSignal += y * y;
                product += x * y;
                noise += error * error;
                maxAbsError = Math.max(maxAbsError, error);
            } else if (x != y) {
                incomparable++;
            }
        }
    }

    /** The measures over all elements so far. */
    public ErrorMetrics metrics() {
        if (incomparable > 0) {
            return new ErrorMetrics(count, incomparable, Double.NaN, Double.NaN, Double.NaN);
        }
        return new ErrorMetrics(count, 0, sqnrDb(), cosine(), maxAbsError);
    }

    private double sqnrDb() {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    private double cosine() {
        if (signal == 0 || otherSignal == 0) {
            return signal == otherSignal ? 1 : 0;
        }
        return Math.clamp(product / Math.sqrt(signal) / Math.sqrt(otherSignal), -1.0, 1.0);
    }
}
