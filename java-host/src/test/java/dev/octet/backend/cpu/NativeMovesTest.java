package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Op;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native quantization, transposition and global means against the Java kernels, bit for bit. */
class NativeMovesTest {
    private static final int CASES = 40;

    private static void assertSameBits(String set, Op op, String about, Tensor... inputs) throws Exception {
        List<Optional<Tensor>> given = Arrays.stream(inputs).map(Optional::of).toList();
        Tensor got = NativeHarness.run(set, op, 0, given);
        Tensor want = NativeHarness.run("java", op, 0, given);
        assertThat(got.data().mismatch(want.data())).as(about).isEqualTo(-1);
    }

    /** Values of every size, halves of the scale, and what is no number. */
    private static Tensor quantizerInput(Shape shape, float scale, Random random) {
        float[] rare = {Float.NaN, -0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.MAX_VALUE, 3e9f};
        float[] values = new float[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (random.nextInt(8)) {
                case 0 -> rare[random.nextInt(rare.length)];
                case 1, 2 -> (random.nextInt(600) - 300) * 0.5f * scale;
                default -> (float) random.nextGaussian() * 90 * scale;
            };
        }
        return Tensor.ofFloats(shape, values);
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void quantize_oneScale_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            float scale = seed % 10 == 9 ? Float.MIN_NORMAL / 4 : 0.001f + random.nextFloat();
            DType dtype = seed % 2 == 0 ? DType.U8 : DType.S8;
            Shape shape = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(20_000));
            Tensor zeroPoint = NativeHarness.randomBytes(dtype, Shape.of(1), random);
            assertSameBits(
                    set,
                    QuantizeLinear.along(QuantizeLinear.DEFAULT_AXIS),
                    "seed %d, %s, scale %s".formatted(seed, dtype, scale),
                    quantizerInput(shape, scale, random),
                    Tensor.ofFloats(Shape.of(1), scale),
                    zeroPoint);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void transpose_rotatedAxes_equalsJavaKernel(String set) throws Exception {
        long[][] orders = {{0, 2, 3, 1}, {0, 3, 1, 2}, {2, 3, 0, 1}, {0, 1, 3, 2}, {3, 0, 1, 2}};
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Shape shape = Shape.of(
                    1 + random.nextInt(2),
                    random.nextInt(2) == 0 ? 3 : 1 + random.nextInt(40),
                    1 + random.nextInt(90),
                    1 + random.nextInt(90));
            Tensor x = seed % 4 == 3
                    ? NativeHarness.randomFloats(shape, random)
                    : NativeHarness.randomBytes(DType.U8, shape, random);
            long[] order = orders[seed % orders.length];
            assertSameBits(
                    set, new Transpose(order), "seed %d, %s by %s".formatted(seed, shape, Arrays.toString(order)), x);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void globalAveragePool_eachLayout_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Layout layout = seed % 2 == 0 ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
            Shape shape = Shape.of(
                    1 + random.nextInt(2), 1 + random.nextInt(60), 1 + random.nextInt(15), 1 + random.nextInt(60));
            assertSameBits(
                    set,
                    new GlobalAveragePool(layout),
                    "seed %d, %s, %s".formatted(seed, layout, shape),
                    NativeHarness.randomFloats(shape, random));
        }
    }
}
