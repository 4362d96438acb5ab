package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Op;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QuantizeLinear;
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

/** Native elementwise kernels of 8-bit integers against the Java kernels, bit for bit. */
class NativeElementsTest {
    private static final int CASES = 30;

    private static void assertSameBits(String set, Op op, String about, Tensor... inputs) throws Exception {
        List<Optional<Tensor>> given = Arrays.stream(inputs).map(Optional::of).toList();
        Tensor got = NativeHarness.run(set, op, 0, given);
        Tensor want = NativeHarness.run("java", op, 0, given);
        assertThat(got.data().mismatch(want.data())).as(about).isEqualTo(-1);
    }

    private static DType type(Random random) {
        return random.nextBoolean() ? DType.U8 : DType.S8;
    }

    private static int value(DType dtype, Random random) {
        return random.nextInt(256) - (dtype == DType.S8 ? 128 : 0);
    }

    private static QBinary binary(DType a, DType b, Random random) {
        DType y = type(random);
        int first = value(y, random);
        int last = value(y, random);
        return new QBinary(
                random.nextBoolean() ? BinaryFunction.ADD : BinaryFunction.MUL,
                value(a, random),
                random.nextFloat() * (random.nextInt(4) == 0 ? 0.01f : 1.5f),
                value(b, random),
                random.nextInt(4) == 0 ? 1 : random.nextFloat(),
                y,
                value(y, random),
                Math.min(first, last),
                Math.max(first, last));
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void qbinary_eachBroadcast_equalsJavaKernel(String set) throws Exception {
        long[][] forms = {{0, 0, 0, 0}, {0, 1, 1, 0}, {1, 1, 1, 0}, {1, 0, 0, 1}, {1, 1, 1, 1}, {0, 1, 0, 1}};
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            long[] dims = {1 + random.nextInt(3), 1 + random.nextInt(15), 1 + random.nextInt(40), 1 + random.nextInt(70)
            };
            long[] form = forms[seed % forms.length];
            long[] small = new long[dims.length];
            for (int i = 0; i < dims.length; i++) {
                small[i] = form[i] == 1 ? 1 : dims[i];
            }
            DType xType = type(random);
            DType yType = type(random);
            Tensor x = NativeHarness.randomBytes(xType, Shape.of(dims), random);
            Tensor y = NativeHarness.randomBytes(yType, Shape.of(small), random);
            String about = "seed %d, %s with %s".formatted(seed, x, y);

            assertSameBits(set, binary(xType, yType, random), about, x, y);
            assertSameBits(set, binary(yType, xType, random), about, y, x);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void qlookup_everyByte_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] table = new byte[256];
            random.nextBytes(table);
            Shape shape = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(seed % 10 == 0 ? 20_000 : 700));
            Tensor x = NativeHarness.randomBytes(type(random), shape, random);

            assertSameBits(set, new QLookup(table, type(random)), "seed %d, %s".formatted(seed, shape), x);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void dequantize_oneScale_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            DType dtype = type(random);
            Shape shape = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(seed % 10 == 0 ? 20_000 : 700));
            Tensor x = NativeHarness.randomBytes(dtype, shape, random);
            float scale = seed % 9 == 8 ? Float.MIN_NORMAL : 0.001f + random.nextFloat();
            Tensor zeroPoint = NativeHarness.randomBytes(dtype, Shape.of(1), random);

            assertSameBits(
                    set,
                    DequantizeLinear.along(QuantizeLinear.DEFAULT_AXIS),
                    "seed %d, %s, scale %s".formatted(seed, shape, scale),
                    x,
                    Tensor.ofFloats(Shape.of(1), scale),
                    zeroPoint);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void qglobalMean_fewAndManyPositions_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            DType dtype = type(random);
            DType to = type(random);
            int height = 1 + random.nextInt(seed % 5 == 0 ? 40 : 9);
            Shape shape = Shape.of(1 + random.nextInt(3), height, 1 + random.nextInt(20), 1 + random.nextInt(200));
            Tensor x = NativeHarness.randomBytes(dtype, shape, random);
            float scale = 0.01f + random.nextFloat();
            QGlobalAveragePool op = new QGlobalAveragePool(
                    value(dtype, random), scale, 0.1f * scale, to, value(to, random), Layout.CHANNELS_LAST);

            assertSameBits(set, op, "seed %d, %s".formatted(seed, shape), x);
        }
    }
}
