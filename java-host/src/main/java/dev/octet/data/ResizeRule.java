package dev.octet.data;

import java.util.Locale;

/** How an image comes to the model's input size. An image that has it already is left alone. */
public enum ResizeRule {
    /** The short side to size / 0.875, then the centre. */
    CROP,
    /** Straight to the size, whatever the proportions. */
    STRETCH;

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
