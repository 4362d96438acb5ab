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
     * 8 bits of colour and 2 spare bits leave 22 of 32. A line of the image is resized when the second pass comes to it
     * and added to all output lines that it is a tap of, so no image between the passes is kept.
     */
    private static final int PRECISION = 22;
    private static final int HALF = 1 << (PRECISION - 1);

    /** The inputs of one output position: {@code weights.length} elements from {@code first} on. */
    private record Taps(int first, int[] weights) {
        int end() {
            return first + weights.length;
        }
    }

    private static final int[] NONE = {};

    private BilinearResizer() {}

    /** A part of the image at its new size. */
    record Window(long left, long top, int width, int height) {}

    static RgbImage resize(RgbImage image, int width, int height) {
        return resize(image, width, height, new Window(0, 0, width, height));
    }

    /**
     * The part of the resized image that a window shows: time and memory are the window's and the image's, however large
     * the whole would be.
     */
    static RgbImage resize(RgbImage image, long width, long height, Window window) {
        Taps[] columns = taps(image.width(), width, window.left, window.width);
        Taps[] rows = taps(image.height(), height, window.top, window.height);
        int rowBytes = window.width * RgbImage.CHANNELS;
        byte[] result = new byte[Math.multiplyExact(rowBytes, window.height)];
        int[][] sums = new int[window.height][];
        int done = 0;
        for (int y = rows[0].first; done < rows.length; y++) {
            byte[] line = line(image, y, columns);
            for (int row = done; row < rows.length && rows[row].first <= y; row++) {
                sums[row] = y == rows[row].first ? filled(rowBytes) : sums[row];
                add(sums[row], rows[row].weights[y - rows[row].first], line);
            }
            for (; done < rows.length && rows[done].end() == y + 1; done++) {
                clip(sums[done], result, done * rowBytes);
                sums[done] = NONE;
            }
        }
        return new RgbImage(window.width, window.height, result);
    }

    /** The taps of {@code count} output positions from {@code start} on. */
    private static Taps[] taps(int from, long to, long start, int count) {
        double scale = (double) from / to;
        double filterScale = Math.max(1, scale);
        Taps[] taps = new Taps[count];
        for (int i = 0; i < count; i++) {
            double center = (start + i + 0.5) * scale;
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

    /** One line of the image, resized. */
    private static byte[] line(RgbImage image, int y, Taps... columns) {
        byte[] source = image.colours();
        byte[] line = new byte[columns.length * RgbImage.CHANNELS];
        int row = y * image.width();
        int at = 0;
        for (Taps tap : columns) {
            int from = (row + tap.first) * RgbImage.CHANNELS;
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                int sum = HALF;
                for (int k = 0; k < tap.weights.length; k++) {
                    sum += tap.weights[k] * (source[from + k * RgbImage.CHANNELS + channel] & 0xFF);
                }
                line[at++] = clip(sum);
            }
        }
        return line;
    }

    private static int[] filled(int length) {
        int[] sums = new int[length];
        Arrays.fill(sums, HALF);
        return sums;
    }

    private static void add(int[] sums, int weight, byte... line) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * (line[i] & 0xFF);
        }
    }

    private static void clip(int[] sums, byte[] result, int from) {
        for (int i = 0; i < sums.length; i++) {
            result[from + i] = clip(sums[i]);
        }
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> PRECISION, 0, 255);
    }
}
