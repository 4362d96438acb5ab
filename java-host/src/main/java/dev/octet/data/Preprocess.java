package dev.octet.data;

import java.util.Locale;

/** How an 8-bit colour becomes an fp32 input; computed in fp32 in the order written. */
public enum Preprocess {
    /** {@code x / 127.5 - 1}. */
    TF,
    /** {@code (x / 255 - mean) / std} with the mean and standard deviation of ImageNet's channels. */
    TORCH,
    /** {@code x}. */
    RAW,
    /** {@code x / 255}. */
    UNIT;

    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] STD = {0.229f, 0.224f, 0.225f};

    /** The input for a colour of a channel: red 0, green 1, blue 2. */
    float apply(int channel, int colour) {
        return switch (this) {
            case TF -> colour / 127.5f - 1;
            case TORCH -> (colour / 255f - MEAN[channel]) / STD[channel];
            case RAW -> colour;
            case UNIT -> colour / 255f;
        };
    }

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
