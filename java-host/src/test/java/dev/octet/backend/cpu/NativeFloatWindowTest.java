package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Float convolutions whose left operand is read in different ways (in place, from a padded copy, gathered) and depthwise
 * ones with long interior runs, against the generic kernels, which {@link NativeProductTest} checks by the definition.
 */
class NativeFloatWindowTest {
    private static final long SEED = 20_251_121;

    /** Unit roundoff of fp32: either side errs by at most about (n + 3) * n of it in n products of values up to 1. */
    private static final double UNIT = 0x1p-24;

    /** A convolution with a square kernel; channels are of one group. */
    private record Case(
            String name, int[] image, int group, int in, int out, int kernel, int stride, int dilation, int pad) {
        SpatialWindow window() {
            return new SpatialWindow(
                    new long[] {kernel, kernel},
                    new long[] {stride, stride},
                    new long[] {dilation, dilation},
                    new long[] {pad, pad, pad, pad},
                    SpatialWindow.AutoPad.NOTSET);
        }

        Shape x() {
            return Shape.of(image[0], image[1], image[2], (long) group * in);
        }

        Shape y() {
            return Shape.of(image[0], out(image[1]), out(image[2]), (long) group * out);
        }

        private int out(int size) {
            return (size + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("pointwise, in place, blocks end inside a line", new int[] {2, 31, 29}, 1, 19, 37, 1, 1, 1, 0),
                new Case("pointwise, stride 2", new int[] {2, 15, 14}, 1, 17, 33, 1, 2, 1, 0),
                new Case("pointwise of groups, pixels wider than a run", new int[] {1, 9, 11}, 3, 5, 18, 1, 1, 1, 0),
                new Case("3 x 3 without padding, in place", new int[] {2, 13, 12}, 1, 7, 20, 3, 1, 1, 0),
                new Case("3 x 3 padded, several bands", new int[] {2, 61, 57}, 1, 24, 16, 3, 1, 1, 1),
                new Case("3 x 3 padded, stride 2", new int[] {2, 33, 34}, 1, 3, 32, 3, 2, 1, 1),
                new Case("3 x 3 padded, groups", new int[] {1, 12, 13}, 2, 9, 17, 3, 1, 1, 1),
                new Case("3 x 3 dilated, gathered", new int[] {1, 14, 13}, 1, 6, 17, 3, 1, 2, 2),
                new Case("7 x 7 padded by more than the image", new int[] {2, 2, 3}, 1, 4, 5, 7, 1, 1, 5),
                new Case("one position", new int[] {1, 1, 1}, 1, 130, 51, 1, 1, 1, 0),
                new Case("depthwise, interior and edges", new int[] {2, 19, 23}, 37, 1, 1, 3, 1, 1, 1),
                new Case("depthwise, stride 2", new int[] {2, 20, 23}, 24, 1, 1, 3, 2, 1, 1),
                new Case("depthwise, dilated", new int[] {1, 17, 15}, 9, 1, 1, 3, 1, 2, 2),
                new Case("depthwise, no interior", new int[] {2, 2, 2}, 16, 1, 1, 3, 1, 1, 1),
                new Case("depthwise, fewer channels than a vector", new int[] {1, 9, 9}, 5, 1, 1, 3, 1, 1, 1));
    }

    private static Stream<Arguments> setsAndCases() {
        return NativeHarness.sets()
                .filter(set -> !set.equals("generic"))
                .flatMap(set -> cases().map(c -> Arguments.of(set, c)));
    }

    @ParameterizedTest
    @MethodSource("setsAndCases")
    void fusedConv_windowKinds_areWithinRoundingOfGeneric(String set, Case c) throws Exception {
        Random random = new Random(SEED);
        Tensor x = NativeHarness.randomFloats(c.x(), random);
        Tensor w = NativeHarness.randomFloats(Shape.of((long) c.group * c.out, c.in, c.kernel, c.kernel), random);
        Tensor bias = NativeHarness.randomFloats(Shape.of((long) c.group * c.out), random);
        FusedConv op = new FusedConv(c.window(), c.group, Layout.CHANNELS_LAST, -2, 2);
        int terms = c.in * c.kernel * c.kernel + 2;

        for (boolean added : new boolean[] {false, true}) {
            Optional<Tensor> residual =
                    added ? Optional.of(NativeHarness.randomFloats(c.y(), random)) : Optional.empty();
            List<Optional<Tensor>> inputs = List.of(Optional.of(x), Optional.of(w), Optional.of(bias), residual);

            Tensor expected = NativeHarness.run("generic", op, 2, inputs);
            Tensor y = NativeHarness.run(set, op, 2, inputs);

            assertThat(y.shape()).isEqualTo(c.y());
            for (int i = 0; i < y.elementCount(); i++) {
                assertThat(Math.abs(y.getDouble(i) - expected.getDouble(i)))
                        .as("seed %d %s element %d", SEED, c, i)
                        .isLessThanOrEqualTo(2 * UNIT * terms * (terms + 3));
            }
        }
    }
}
