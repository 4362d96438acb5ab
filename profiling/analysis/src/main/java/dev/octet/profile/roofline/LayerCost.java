package dev.octet.profile.roofline;

/**
 * What one layer does, whatever runs it.
 *
 * @param operations two for each multiply-accumulate
 * @param bytes read and written, each tensor once
 * @param matrix whether tensor cores can do it: a dense convolution or product
 */
public record LayerCost(String name, long operations, long bytes, boolean matrix) {
    public LayerCost {
        if (operations < 0 || bytes < 0 || (operations > 0 && bytes == 0)) {
            throw new IllegalArgumentException(name + ": " + operations + " operations on " + bytes + " bytes");
        }
    }

    /** Operations for each byte moved; 0 if it moves none. */
    public double intensity() {
        return bytes == 0 ? 0 : (double) operations / bytes;
    }
}
