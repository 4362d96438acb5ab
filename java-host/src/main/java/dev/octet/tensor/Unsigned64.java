package dev.octet.tensor;

/** Conversions of unsigned 64-bit integers held in a long. */
final class Unsigned64 {
    private Unsigned64() {}

    static double toDouble(long bits) {
        return bits >= 0 ? bits : (double) halfWithStickyBit(bits) * 2;
    }

    static float toFloat(long bits) {
        return bits >= 0 ? bits : (float) halfWithStickyBit(bits) * 2;
    }

    /** Half the number, its last bit set if anything was lost, so that rounding it rounds the number once. */
    private static long halfWithStickyBit(long bits) {
        return (bits >>> 1) | (bits & 1);
    }

    /** Truncates toward zero; negative numbers wrap around. */
    static long fromDouble(double value) {
        return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) + Long.MIN_VALUE;
    }
}
