package dev.octet.data;

/**
 * An image of 8-bit colours.
 *
 * @param colours red, green, blue of each pixel, row by row; not copied
 */
record RgbImage(int width, int height, byte[] colours) {
    static final int CHANNELS = 3;

    RgbImage {
        if (colours.length != Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)) {
            throw new IllegalArgumentException(width + "x" + height + " does not fit " + colours.length + " bytes");
        }
    }

    int colour(int x, int y, int channel) {
        return Byte.toUnsignedInt(colours[(y * width + x) * CHANNELS + channel]);
    }
}
