package dev.octet.onnx;

import java.util.Arrays;

/** A growing array of 64-bit values: the repeated numeric fields of a message. */
final class NumberList {
    private long[] values = new long[0];
    private int size;

    void reserve(int more) {
        if (values.length - size < more) {
            values = Arrays.copyOf(values, Math.addExact(size, more));
        }
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(8, Math.addExact(size, size >> 1)));
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long get(int index) {
        return values[index];
    }

    long[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /** The values taken as bits of floats. */
    float[] toFloats() {
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            floats[i] = Float.intBitsToFloat((int) values[i]);
        }
        return floats;
    }
}
