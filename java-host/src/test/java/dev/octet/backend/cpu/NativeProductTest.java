package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native products and convolutions against their definitions: integers bit for bit, floats within rounding. */
class NativeProductTest {
    private static final int CASES = 60;

    /** Unit roundoff of fp32; n additions and products of values up to 1 err by at most about (n + 3) * n of it. */
    private static final double UNIT = 0x1p-24;

    /** One convolution in channels-last layout. */
    private record Conv(
            int batch,
            int height,
            int width,
            int group,
            int groupIn,
            int groupOut,
            int[] kernel,
            int[] strides,
            int[] dilations,
            int[] pads) {
        static Conv random(Random random, boolean depthwise) {
            int[] kernel = {1 + random.nextInt(4), 1 + random.nextInt(4)};
            int[] dilations = {1 + random.nextInt(2), 1 + random.nextInt(2)};
            boolean pointwise = !depthwise && random.nextInt(3) == 0;
            if (pointwise) {
                kernel = new int[] {1, 1};
                dilations = new int[] {1, 1};
            }
            int[] pads =
                    pointwise ? new int[4] : new int[] {pad(random, 3), pad(random, 3), pad(random, 3), pad(random, 3)};
            int height = (kernel[0] - 1) * dilations[0] + 1 + random.nextInt(9);
            int width = (kernel[1] - 1) * dilations[1] + 1 + random.nextInt(9);
            int[] strides = {1 + random.nextInt(2), 1 + random.nextInt(2)};
            int group = depthwise ? 2 + random.nextInt(60) : 1 + random.nextInt(3) / 2 * 2;
            int in = depthwise ? 1 : 1 + random.nextInt(40);
            int out = depthwise ? 1 : 1 + random.nextInt(90);
            return new Conv(1 + random.nextInt(2), height, width, group, in, out, kernel, strides, dilations, pads);
        }

        /** Below {@code wide}, or sometimes more than the image is wide. */
        private static int pad(Random random, int wide) {
            return random.nextInt(32) == 0 ? 16 : random.nextInt(wide);
        }

        /** What Winograd's method takes. */
        static Conv threeByThree(Random random) {
            int[] ones = {1, 1};
            int[] pads = {pad(random, 4), pad(random, 4), pad(random, 4), pad(random, 4)};
            int group = 1 + random.nextInt(3);
            int in = 16 * (1 + random.nextInt(2));
            int[] kernel = {3, 3};
            return new Conv(
                    1 + random.nextInt(2),
                    3 + random.nextInt(9),
                    3 + random.nextInt(9),
                    group,
                    in,
                    1 + random.nextInt(40),
                    kernel,
                    ones,
                    ones,
                    pads);
        }

        SpatialWindow window() {
            return new SpatialWindow(
                    longs(kernel), longs(strides), longs(dilations), longs(pads), SpatialWindow.AutoPad.NOTSET);
        }

        private static long[] longs(int[] values) {
            return java.util.Arrays.stream(values).asLongStream().toArray();
        }

        int out(int axis) {
            int in = axis == 0 ? height : width;
            return (in + pads[axis] + pads[axis + 2] - (kernel[axis] - 1) * dilations[axis] - 1) / strides[axis] + 1;
        }

        Shape x() {
            return Shape.of(batch, height, width, (long) group * groupIn);
        }

        Shape weight() {
            return Shape.of((long) group * groupOut, groupIn, kernel[0], kernel[1]);
        }

        Shape y() {
            return Shape.of(batch, out(0), out(1), (long) group * groupOut);
        }

        /** Takes the indices into x and the weight of one product; x is -1 where padding is. */
        interface Products {
            void add(int x, int weight);
        }

        void forEach(int yIndex, Products products) {
            int channel = yIndex % (group * groupOut);
            int rest = yIndex / (group * groupOut);
            int ox = rest % out(1);
            int oy = rest / out(1) % out(0);
            int image = rest / out(1) / out(0);
            for (int c = 0; c < groupIn; c++) {
                for (int ky = 0; ky < kernel[0]; ky++) {
                    for (int kx = 0; kx < kernel[1]; kx++) {
                        int iy = oy * strides[0] - pads[0] + ky * dilations[0];
                        int ix = ox * strides[1] - pads[1] + kx * dilations[1];
                        boolean inside = iy >= 0 && iy < height && ix >= 0 && ix < width;
                        int from = channel / groupOut * groupIn + c;
                        int x = ((image * height + iy) * width + ix) * group * groupIn + from;
                        products.add(inside ? x : -1, ((channel * groupIn + c) * kernel[0] + ky) * kernel[1] + kx);
                    }
                }
            }
        }
    }

    private static float[] scales(int count, double size, Random random) {
        float[] scales = new float[random.nextBoolean() ? count : 1];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) (size * (0.5 + random.nextDouble()));
        }
        return scales;
    }

    private static Epilogue epilogue(int channels, int depth, boolean residual, Random random) {
        float[] scales = scales(channels, 60.0 / (70.0 * 128 * Math.sqrt(depth)), random);
        if (!residual && random.nextInt(4) == 0) {
            return new Epilogue.ToFloat(scales, random.nextBoolean() ? 0 : Float.NEGATIVE_INFINITY, 100);
        }
        DType dtype = random.nextBoolean() ? DType.U8 : DType.S8;
        int qmin = dtype == DType.U8 ? random.nextInt(20) : -128 + random.nextInt(2);
        int qmax = dtype == DType.U8 ? 255 - random.nextInt(20) : 127;
        int zero = dtype == DType.U8 ? random.nextInt(256) : random.nextInt(256) - 128;
        Optional<Epilogue.Residual> added = residual
                ? Optional.of(new Epilogue.Residual(
                        random.nextBoolean() ? DType.U8 : DType.S8, random.nextFloat(), random.nextInt(100)))
                : Optional.empty();
        return new Epilogue.ToInt8(dtype, scales, zero, qmin, qmax, added);
    }

    /** What the epilogue makes of an accumulator, by the formulas of {@link Quantizer}. */
    private static double store(Epilogue epilogue, int acc, int channel, Optional<Tensor> residual, long index) {
        return switch (epilogue) {
            case Epilogue.ToFloat e ->
                Math.clamp((float) acc * e.scales()[e.scales().length == 1 ? 0 : channel], e.min(), e.max());
            case Epilogue.ToInt8 e -> {
                float multiplier = e.multipliers()[e.multipliers().length == 1 ? 0 : channel];
                yield residual.isEmpty()
                        ? Quantizer.requantize(acc, multiplier, e.zeroPoint(), e.qmin(), e.qmax())
                        : Quantizer.requantizeAdd(
                                acc,
                                multiplier,
                                (int) residual.get().getLong(index)
                                        - e.residual().orElseThrow().zeroPoint(),
                                e.residual().orElseThrow().multiplier(),
                                e.zeroPoint(),
                                e.qmin(),
                                e.qmax());
            }
        };
    }

    private static Optional<Tensor> bias(int count, Random random) {
        if (random.nextInt(3) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                Tensor.ofInts(Shape.of(count), random.ints(count, -5000, 5000).toArray()));
    }

    private static Optional<Tensor> residual(Epilogue epilogue, Shape shape, Random random) {
        return epilogue instanceof Epilogue.ToInt8 e
                ? e.residual().map(r -> NativeHarness.randomBytes(r.dtype(), shape, random))
                : Optional.empty();
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void qconv_randomShapes_isBitEqual(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            requireBitEqual(set, Conv.random(random, seed % 3 == 0), random, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void qconv_threeByThreeOfWholePanels_isBitEqual(String set) throws Exception {
        for (int seed = 0; seed < CASES / 2; seed++) {
            Random random = new Random(seed);
            requireBitEqual(set, Conv.threeByThree(random), random, seed);
        }
    }

    private static void requireBitEqual(String set, Conv conv, Random random, int seed) throws Exception {
        int channels = conv.group * conv.groupOut;
        DType xType = random.nextBoolean() ? DType.U8 : DType.S8;
        int zero = xType == DType.U8 ? random.nextInt(256) : random.nextInt(256) - 128;
        Epilogue epilogue =
                epilogue(channels, conv.groupIn * conv.kernel[0] * conv.kernel[1], random.nextInt(3) == 0, random);
        Tensor x = NativeHarness.randomBytes(xType, conv.x(), random);
        Tensor w = NativeHarness.randomBytes(DType.S8, conv.weight(), random);
        Optional<Tensor> bias = bias(channels, random);
        Optional<Tensor> residual = residual(epilogue, conv.y(), random);
        QConv op = new QConv(conv.window(), conv.group, zero, Layout.CHANNELS_LAST, epilogue);

        Tensor y = NativeHarness.run(set, op, 2, List.of(Optional.of(x), Optional.of(w), bias, residual));

        assertThat(y.shape()).isEqualTo(conv.y());
        for (int i = 0; i < y.elementCount(); i++) {
            int channel = i % channels;
            int[] acc = {bias.isPresent() ? (int) bias.get().getLong(channel) : 0};
            conv.forEach(i, (xi, wi) -> acc[0] += xi < 0 ? 0 : (int) ((x.getLong(xi) - zero) * w.getLong(wi)));
            assertThat(y.getDouble(i))
                    .as("seed %d %s %s element %d", seed, op, conv, i)
                    .isEqualTo(store(epilogue, acc[0], channel, residual, i));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void qmatmul_randomShapes_isBitEqual(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int m = 1 + random.nextInt(50);
            int k = 1 + random.nextInt(300);
            int n = 1 + random.nextInt(200);
            int heads = 1 + random.nextInt(3);
            boolean batched = seed % 2 == 0;
            DType xType = random.nextBoolean() ? DType.U8 : DType.S8;
            int zero = xType == DType.U8 ? random.nextInt(256) : random.nextInt(256) - 128;
            Epilogue epilogue = epilogue(n, k, random.nextInt(3) == 0, random);
            Tensor a = NativeHarness.randomBytes(xType, Shape.of(2, heads, m, k), random);
            Tensor b = NativeHarness.randomBytes(DType.S8, batched ? Shape.of(heads, k, n) : Shape.of(k, n), random);
            Optional<Tensor> bias = bias(n, random);
            Shape shape = Shape.of(2, heads, m, n);
            Optional<Tensor> residual = residual(epilogue, shape, random);
            QMatMul op = new QMatMul(zero, 0, epilogue);

            int constants = random.nextBoolean() ? 2 : 0;
            Tensor y = NativeHarness.run(set, op, constants, List.of(Optional.of(a), Optional.of(b), bias, residual));

            assertThat(y.shape()).isEqualTo(shape);
            for (int i = 0; i < y.elementCount(); i += 1 + i % 7) {
                int column = i % n;
                int acc = bias.isPresent() ? (int) bias.get().getLong(column) : 0;
                int head = batched ? i / n / m % heads : 0;
                for (int j = 0; j < k; j++) {
                    acc += (int) ((a.getLong((long) (i / n) * k + j) - zero)
                            * b.getLong(((long) head * k + j) * n + column));
                }
                assertThat(y.getDouble(i))
                        .as("seed %d %s x %s element %d", seed, a, b, i)
                        .isEqualTo(store(epilogue, acc, column, residual, i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void fusedConv_randomShapes_isWithinRounding(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Conv conv = Conv.random(random, seed % 3 == 0);
            int channels = conv.group * conv.groupOut;
            Tensor x = NativeHarness.randomFloats(conv.x(), random);
            Tensor w = NativeHarness.randomFloats(conv.weight(), random);
            Tensor bias = NativeHarness.randomFloats(Shape.of(channels), random);
            Optional<Tensor> residual =
                    random.nextBoolean() ? Optional.of(NativeHarness.randomFloats(conv.y(), random)) : Optional.empty();
            FusedConv op = new FusedConv(conv.window(), conv.group, Layout.CHANNELS_LAST, -1, 2);

            Tensor y =
                    NativeHarness.run(set, op, 2, List.of(Optional.of(x), Optional.of(w), Optional.of(bias), residual));

            int depth = conv.groupIn * conv.kernel[0] * conv.kernel[1] + 2;
            for (int i = 0; i < y.elementCount(); i++) {
                double[] sum = {
                    bias.getDouble(i % channels)
                            + (residual.isPresent() ? residual.get().getDouble(i) : 0)
                };
                conv.forEach(i, (xi, wi) -> sum[0] += xi < 0 ? 0 : x.getDouble(xi) * w.getDouble(wi));
                assertThat(Math.abs(y.getDouble(i) - Math.clamp(sum[0], -1, 2)))
                        .as("seed %d %s element %d", seed, conv, i)
                        .isLessThanOrEqualTo(UNIT * depth * (depth + 3));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void matmulAndGemm_randomShapes_areWithinRounding(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int m = 1 + random.nextInt(40);
            int k = 1 + random.nextInt(100);
            int n = 1 + random.nextInt(60);
            boolean gemm = seed % 2 == 0;
            boolean transposed = gemm && random.nextBoolean();
            Tensor a = NativeHarness.randomFloats(Shape.of(m, k), random);
            Tensor b = NativeHarness.randomFloats(transposed ? Shape.of(n, k) : Shape.of(k, n), random);
            Tensor c = NativeHarness.randomFloats(Shape.of(n), random);

            int constants = random.nextBoolean() || gemm ? 2 : 0;
            Tensor y = gemm
                    ? NativeHarness.run(
                            set,
                            new Gemm(1, 1, false, transposed),
                            constants,
                            List.of(Optional.of(a), Optional.of(b), Optional.of(c)))
                    : NativeHarness.run(set, new MatMul(), constants, List.of(Optional.of(a), Optional.of(b)));

            for (int i = 0; i < y.elementCount(); i++) {
                double sum = gemm ? c.getDouble(i % n) : 0;
                for (int j = 0; j < k; j++) {
                    long place = transposed ? (long) (i % n) * k + j : (long) j * n + i % n;
                    sum += a.getDouble((long) (i / n) * k + j) * b.getDouble(place);
                }
                assertThat(Math.abs(y.getDouble(i) - sum))
                        .as("seed %d %s x %s element %d", seed, a, b, i)
                        .isLessThanOrEqualTo(UNIT * (k + 1) * (k + 4));
            }
        }
    }
}
