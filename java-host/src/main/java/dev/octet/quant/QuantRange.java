package dev.octet.quant;

/** The real interval that a tensor is quantized over. */
public record QuantRange(float amin, float amax) {
    public QuantRange {
        if (!(Float.isFinite(amin) && Float.isFinite(amax) && amin <= amax)) {
            throw new IllegalArgumentException("range [" + amin + ", " + amax + "] is not finite and ordered");
        }
        amin += 0f; // a negative zero becomes zero: ranges that hold the same numbers are equal
        amax += 0f;
    }

    /** The same range widened to hold zero, as every affine scheme needs. */
    public QuantRange withZero() {
        return new QuantRange(Math.min(amin, 0), Math.max(amax, 0));
    }
}
