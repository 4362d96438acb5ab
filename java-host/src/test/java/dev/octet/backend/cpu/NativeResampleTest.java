package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Op;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native resizing, average pooling and means against the Java kernels. */
class NativeResampleTest {
    private static final int CASES = 24;

    /** Up to 25 taps with weights that add up to at most 4, values within 1, each product and sum rounded. */
    private static final double TOLERANCE = 4 * 30 * 0x1p-24;

    private static void assertNear(String set, Op op, String about, double tolerance, List<Optional<Tensor>> inputs)
            throws Exception {
        Tensor got = NativeHarness.run(set, op, 3, inputs);
        Tensor want = NativeHarness.run("java", op, 3, inputs);
        assertThat(got.shape()).isEqualTo(want.shape());
        for (long i = 0; i < want.elementCount(); i++) {
            boolean near = Math.abs(got.getDouble(i) - want.getDouble(i)) <= tolerance;
            if (!near) {
                throw new AssertionError(
                        "%s: element %d is %s, not %s".formatted(about, i, got.getDouble(i), want.getDouble(i)));
            }
        }
    }

    private static Resize resize(Resize.Mode mode, Random random) {
        Resize.CoordinateMode[] coordinates = {
            Resize.CoordinateMode.HALF_PIXEL,
            Resize.CoordinateMode.ALIGN_CORNERS,
            Resize.CoordinateMode.ASYMMETRIC,
            Resize.CoordinateMode.PYTORCH_HALF_PIXEL
        };
        Resize.NearestMode[] nearest = Resize.NearestMode.values();
        boolean real = mode != Resize.Mode.NEAREST;
        return new Resize(
                mode,
                coordinates[random.nextInt(coordinates.length)],
                nearest[random.nextInt(nearest.length)],
                Resize.AspectPolicy.STRETCH,
                real && random.nextInt(3) == 0,
                real && random.nextInt(3) == 0,
                -0.75f,
                0,
                new long[0]);
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void resize_eachModeAndLayout_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Resize.Mode mode = Resize.Mode.values()[seed % 3];
            Resize op = resize(mode, random);
            long[] from = {1 + random.nextInt(3), 1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(20)};
            int first = 1 + random.nextInt(2);
            Tensor sizes = Tensor.vector(from);
            for (int axis = first; axis < first + 2; axis++) {
                if (random.nextInt(4) > 0) {
                    sizes.setLong(axis, 1 + random.nextInt(20));
                }
            }
            boolean bytes = mode == Resize.Mode.NEAREST && random.nextBoolean();
            Tensor x = bytes
                    ? NativeHarness.randomBytes(DType.S8, Shape.of(from), random)
                    : NativeHarness.randomFloats(Shape.of(from), random);
            String about = "seed %d, %s of %s to %s".formatted(seed, op, x, java.util.Arrays.toString(sizes.toLongs()));

            assertNear(
                    set,
                    op,
                    about,
                    mode == Resize.Mode.NEAREST ? 0 : TOLERANCE,
                    List.of(Optional.of(x), Optional.empty(), Optional.empty(), Optional.of(sizes)));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void averagePool_eachWindow_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            long kernel = 1 + random.nextInt(5);
            long pad = random.nextInt((int) kernel);
            SpatialWindow window = new SpatialWindow(
                    new long[] {kernel, 1 + random.nextInt(3)},
                    new long[] {1 + random.nextInt(3), 1 + random.nextInt(3)},
                    new long[0],
                    new long[] {pad, 0, random.nextInt((int) kernel), 0},
                    SpatialWindow.AutoPad.NOTSET);
            Layout layout = seed % 2 == 0 ? Layout.CHANNELS_FIRST : Layout.CHANNELS_LAST;
            AveragePool op = new AveragePool(window, random.nextBoolean(), random.nextBoolean(), layout);
            long channels = 1 + random.nextInt(30);
            long height = 5 + random.nextInt(9);
            long width = 3 + random.nextInt(9);
            Shape shape = layout == Layout.CHANNELS_FIRST
                    ? Shape.of(2, channels, height, width)
                    : Shape.of(2, height, width, channels);
            Tensor x = NativeHarness.randomFloats(shape, random);

            assertNear(set, op, "seed %d, %s of %s".formatted(seed, op, shape), 0, List.of(Optional.of(x)));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void mean_neighbouringAxes_equalsJavaKernel(String set) throws Exception {
        long[][] axes = {{0}, {1}, {-1}, {0, 1}, {1, 2}, {0, 1, 2}, {2, 3}, {1, 2, 3}};
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Shape shape = Shape.of(
                    1 + random.nextInt(3), 1 + random.nextInt(9), 1 + random.nextInt(20), 1 + random.nextInt(99));
            Tensor x = NativeHarness.randomFloats(shape, random);
            Tensor along = Tensor.vector(axes[seed % axes.length]);
            Reduce op = new Reduce(ReduceFunction.MEAN, random.nextBoolean(), false);

            assertNear(
                    set,
                    op,
                    "seed %d, %s of %s".formatted(seed, op, shape),
                    0,
                    List.of(Optional.of(x), Optional.of(along)));
        }
    }
}
