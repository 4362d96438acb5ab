package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.MaxPool;
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

/** Native max pooling against the Java kernel, bit for bit. */
class NativeMaxPoolTest {
    private static final int CASES = 60;

    private static MaxPool pool(Random random) {
        long[] kernel = {2 + random.nextInt(3), 2 + random.nextInt(3)};
        long[] strides = {1 + random.nextInt(3), 1 + random.nextInt(3)};
        long[] dilations = {1 + random.nextInt(2), 1 + random.nextInt(2)};
        long[] pads = {random.nextInt(2), random.nextInt(2), random.nextInt(2), random.nextInt(2)};
        SpatialWindow window = new SpatialWindow(kernel, strides, dilations, pads, SpatialWindow.AutoPad.NOTSET);
        return new MaxPool(window, false, false, Layout.CHANNELS_LAST);
    }

    private static Tensor input(DType dtype, Random random) {
        Shape shape =
                Shape.of(1 + random.nextInt(2), 8 + random.nextInt(9), 8 + random.nextInt(9), 1 + random.nextInt(150));
        if (dtype != DType.F32) {
            return NativeHarness.randomBytes(dtype, shape, random);
        }
        Tensor x = NativeHarness.randomFloats(shape, random);
        float[] rare = {Float.NaN, 0f, -0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
        for (long i = 0; i < shape.elementCount(); i += 1 + random.nextInt(4)) {
            x.setDouble(i, rare[random.nextInt(rare.length)]);
        }
        return x;
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void maxPool_randomWindows_equalJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            MaxPool pool = pool(random);
            DType dtype = List.of(DType.U8, DType.S8, DType.F32).get(seed % 3);
            Tensor x = input(dtype, random);

            Tensor got = NativeHarness.run(set, pool, 0, List.of(Optional.of(x)));

            Tensor want = NativeHarness.run("java", pool, 0, List.of(Optional.of(x)));
            assertThat(got.data().mismatch(want.data()))
                    .as("seed %d, %s, %s", seed, dtype, x.shape())
                    .isEqualTo(-1);
        }
    }
}
