package dev.octet.data;

import java.util.Arrays;

/**
 * Resamples images with a triangle filter that widens when shrinking, as Pillow's BILINEAR does, in the same integer
 * arithmetic: the results are equal.
 */
final class BilinearResizer {
    /*
     * Rows first, then columns; each pass rounds to 8 bits. An output position o of a pass from n to m elements has its
     * centre at (o + 0.5) * n/m in the input, where element i covers [i, i+1). Its weights are the triangle of half
     * width max(1, n/m) about that centre, taken at i + 0.5, normalized in fp64 and then rounded to PRECISION bits.
     * 8 bits of colour and 2 spare bits leave 22 of 32.
     */
    private static final int PRECISION = 22;
    private static final int HALF = 1 << (PRECISION - 1);

    /** The inputs of one output position: {@code weights.length} elements from {@code first} on. */
    private record Taps(int first, int[] weights) {}

    private BilinearResizer() {}

    static RgbImage resize(RgbImage image, int width, int height) {
        RgbImage wide = width == image.width() ? image : horizontal(image, width);
        return height == image.height() ? wide : vertical(wide, height);
    }

    private static Taps[] taps(int from, int to) {
        double scale = (double) from / to;
        double filterScale = Math.max(1, scale);
        Taps[] taps = new Taps[to];
        for (int i = 0; i < to; i++) {
            double center = (i + 0.5) * scale;
            int first = Math.max(0, (int) (center - filterScale + 0.5));
            int end = Math.min(from, (int) (center + filterScale + 0.5));
            double[] weights = new double[end - first];
            for (int k = 0; k < weights.length; k++) {
                weights[k] = Math.max(0, 1 - Math.abs((k + first - center + 0.5) * (1 / filterScale)));
            }
            double sum = 0;
            for (double weight : weights) {
                sum += weight;
            }
            double total = sum;
            taps[i] = new Taps(
                    first,
                    Arrays.stream(weights)
                            .mapToInt(weight -> (int) (0.5 + weight / total * (1 << PRECISION)))
                            .toArray());
        }
        return taps;
    }

    private static RgbImage horizontal(RgbImage image, int width) {
        Taps[] taps = taps(image.width(), width);
        byte[] source = image.colours();
        byte[] result = new byte[Math.multiplyExact(width * RgbImage.CHANNELS, image.height())];
        int at = 0;
        for (int y = 0; y < image.height(); y++) {
            int row = y * image.width();
            for (Taps tap : taps) {
                int from = (row + tap.first) * RgbImage.CHANNELS;
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    int sum = HALF;
                    for (int k = 0; k < tap.weights.length; k++) {
                        sum += tap.weights[k] * (source[from + k * RgbImage.CHANNELS + channel] & 0xFF);
                    }
                    result[at++] = clip(sum);
                }
            }
        }
        return new RgbImage(width, image.height(), result);
    }

    private static RgbImage vertical(RgbImage image, int height) {
        Taps[] taps = taps(image.height(), height);
        byte[] source = image.colours();
        int rowBytes = image.width() * RgbImage.CHANNELS;
        byte[] result = new byte[Math.multiplyExact(rowBytes, height)];
        int[] sums = new int[rowBytes];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, HALF);
            for (int k = 0; k < taps[y].weights.length; k++) {
                int weight = taps[y].weights[k];
                int row = (taps[y].first + k) * rowBytes;
                for (int i = 0; i < rowBytes; i++) {
                    sums[i] += weight * (source[row + i] & 0xFF);
                }
            }
            for (int i = 0; i < rowBytes; i++) {
                result[y * rowBytes + i] = clip(sums[i]);
            }
        }
        return new RgbImage(image.width(), height, result);
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> PRECISION, 0, 255);
    }
}
