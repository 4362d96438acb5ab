package dev.octet.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BilinearResizerTest {
    /** Weights have 22 bits and at most 64 terms of 255: the sum errs by less than 64 * 255 * 2^-23, below 0.002. */
    private static final double SUM_ERROR = 0.002;

    private static RgbImage random(int width, int height, long seed) {
        byte[] colours = new byte[width * height * 3];
        new Random(seed).nextBytes(colours);
        return new RgbImage(width, height, colours);
    }

    /** One output of one pass in fp64, before rounding; {@code line} are the inputs along the axis. */
    private static double expected(int[] line, int to, int position) {
        double scale = (double) line.length / to;
        double reach = Math.max(1, scale);
        double center = (position + 0.5) * scale;
        double sum = 0;
        double total = 0;
        for (int i = 0; i < line.length; i++) {
            double weight = Math.max(0, 1 - Math.abs(i + 0.5 - center) / reach);
            sum += weight * line[i];
            total += weight;
        }
        return sum / total;
    }

    @ParameterizedTest
    @CsvSource({"31,17,13", "31,17,64", "7,5,7", "64,9,1", "1,3,5", "40,3,39"})
    void resize_width_isTheTriangleFilterRoundedOnce(int width, int height, int to) {
        RgbImage image = random(width, height, 71);

        RgbImage result = BilinearResizer.resize(image, to, height);

        for (int y = 0; y < height; y++) {
            for (int channel = 0; channel < 3; channel++) {
                int[] line = new int[width];
                for (int x = 0; x < width; x++) {
                    line[x] = image.colour(x, y, channel);
                }
                for (int x = 0; x < to; x++) {
                    assertThat(Math.abs(result.colour(x, y, channel) - expected(line, to, x)))
                            .as("x %d y %d channel %d", x, y, channel)
                            .isLessThanOrEqualTo(0.5 + SUM_ERROR);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"13,31,17", "5,7,20", "3,64,1"})
    void resize_height_isTheTransposeOfWidth(int width, int height, int to) {
        RgbImage image = random(width, height, 72);

        RgbImage result = BilinearResizer.resize(image, width, to);

        RgbImage turned = BilinearResizer.resize(transposed(image), to, width);
        assertThat(result.colours()).isEqualTo(transposed(turned).colours());
    }

    private static RgbImage transposed(RgbImage image) {
        byte[] colours = new byte[image.colours().length];
        int at = 0;
        for (int x = 0; x < image.width(); x++) {
            for (int y = 0; y < image.height(); y++) {
                for (int channel = 0; channel < 3; channel++) {
                    colours[at++] = (byte) image.colour(x, y, channel);
                }
            }
        }
        return new RgbImage(image.height(), image.width(), colours);
    }

    @Test
    void resize_both_isRowsThenColumns() {
        RgbImage image = random(23, 29, 73);

        RgbImage both = BilinearResizer.resize(image, 10, 40);

        RgbImage steps = BilinearResizer.resize(BilinearResizer.resize(image, 10, 29), 10, 40);
        assertThat(both.colours()).isEqualTo(steps.colours());
    }

    @Test
    void resize_halved_averagesWithTheNeighbours() {
        RgbImage image = new RgbImage(4, 1, new byte[] {0, 0, 0, 80, 80, 80, 0, 0, 0, 0, 0, 0});

        RgbImage result = BilinearResizer.resize(image, 2, 1);

        // Triangle of half width 2 about 1 and 3, cut at the border: weights 3, 3, 1 of 7 and 1, 3, 3 of 7.
        assertThat(result.colour(0, 0, 0)).isEqualTo(34);
        assertThat(result.colour(1, 0, 0)).isEqualTo(11);
    }

    @Test
    void resize_oneColour_staysThatColour() {
        byte[] white = new byte[37 * 11 * 3];
        java.util.Arrays.fill(white, (byte) 255);

        RgbImage result = BilinearResizer.resize(new RgbImage(37, 11, white), 224, 3);

        assertThat(result.colours()).containsOnly(-1);
    }

    @Test
    void resize_window_isThatPartOfTheWhole() {
        RgbImage image = random(23, 29, 74);
        RgbImage whole = BilinearResizer.resize(image, 50, 17);

        RgbImage part = BilinearResizer.resize(image, 50, 17, new BilinearResizer.Window(11, 3, 20, 9));

        for (int y = 0; y < 9; y++) {
            for (int x = 0; x < 20; x++) {
                assertThat(part.colour(x, y, 1)).as("x %d y %d", x, y).isEqualTo(whole.colour(11 + x, 3 + y, 1));
            }
        }
    }

    @Test
    void resize_windowOfAWholeThatNoArrayHolds_works() {
        byte[] grey = new byte[20_000 * 3];
        java.util.Arrays.fill(grey, (byte) 100);
        BilinearResizer.Window centre = new BilinearResizer.Window(2_559_888, 16, 224, 224);

        RgbImage result = BilinearResizer.resize(new RgbImage(20_000, 1, grey), 256 * 20_000, 256, centre);

        assertThat(result.colours()).hasSize(224 * 224 * 3).containsOnly(100);
    }
}
