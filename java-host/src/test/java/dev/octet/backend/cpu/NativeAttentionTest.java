package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.ScaledSoftmax;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The native kernels of an attention's fused operators against their definitions. */
class NativeAttentionTest {
    private static final double UNIT = 0x1p-24;
    private static final int[] SPLIT_HEADS = {0, 2, 1, 3};
    private static final int[] SPLIT_AND_TURN = {0, 2, 3, 1};
    private static final int[] KEEP = {0, 1, 2, 3};

    private static Tensor run(String set, dev.octet.graph.Op op, Tensor... inputs) throws Exception {
        return NativeHarness.run(
                set, op, 0, Arrays.stream(inputs).map(Optional::of).toList());
    }

    /** Sizes of an attention: heads lie inside of tokens in memory. */
    private record Sizes(int batch, int tokens, int heads, int width) {
        static Sizes any(Random random) {
            return new Sizes(
                    1 + random.nextInt(3), 1 + random.nextInt(70), 1 + random.nextInt(5), 1 + random.nextInt(40));
        }

        Shape split() {
            return Shape.of(batch, tokens, heads, width);
        }

        Shape scores() {
            return Shape.of(batch, heads, tokens, tokens);
        }
    }

    private static Epilogue.ToInt8 requantize(DType dtype, float multiplier) {
        int low = (int) dtype.minInteger();
        return new Epilogue.ToInt8(dtype, new float[] {multiplier}, 3, low, low + 255, Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void scores_keysTransposed_equalTheSumsOfProducts(String set) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Sizes sizes = Sizes.any(random);
            DType left = random.nextBoolean() ? DType.U8 : DType.S8;
            Tensor q = NativeHarness.randomBytes(left, sizes.split(), random);
            Tensor k = NativeHarness.randomBytes(DType.S8, sizes.split(), random);
            int zeroPoint = random.nextInt(100);
            float scale = 0.0123f;
            QMatMul product = new QMatMul(
                    zeroPoint, 0, new Epilogue.ToFloat(new float[] {scale}, -Float.MAX_VALUE, Float.MAX_VALUE));

            Tensor y = run(set, new PermutedMatMul(product, SPLIT_HEADS, SPLIT_AND_TURN, KEEP), q, k);

            assertThat(y.shape()).isEqualTo(sizes.scores());
            for (long i = 0; i < y.elementCount(); i++) {
                long column = i % sizes.tokens;
                long row = i / sizes.tokens % sizes.tokens;
                long head = i / sizes.tokens / sizes.tokens % sizes.heads;
                long image = i / sizes.tokens / sizes.tokens / sizes.heads * sizes.tokens;
                int acc = 0;
                for (long d = 0; d < sizes.width; d++) {
                    long at = ((image + row) * sizes.heads + head) * sizes.width + d;
                    long other = ((image + column) * sizes.heads + head) * sizes.width + d;
                    acc += (int) ((q.getLong(at) - zeroPoint) * k.getLong(other));
                }
                assertThat(y.getFloat(i)).as("seed %d element %d", seed, i).isEqualTo(acc * scale);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void mixture_resultTransposed_equalsTheSumsOfProducts(String set) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Sizes sizes = Sizes.any(random);
            Tensor p = NativeHarness.randomBytes(DType.U8, sizes.scores(), random);
            Tensor v = NativeHarness.randomBytes(DType.S8, sizes.split(), random);
            Epilogue.ToInt8 epilogue = requantize(seed % 2 == 0 ? DType.S8 : DType.U8, 0.0019f);

            Tensor y = run(set, new PermutedMatMul(new QMatMul(7, 0, epilogue), KEEP, SPLIT_HEADS, SPLIT_HEADS), p, v);

            assertThat(y.shape()).isEqualTo(sizes.split());
            for (long i = 0; i < y.elementCount(); i++) {
                long d = i % sizes.width;
                long head = i / sizes.width % sizes.heads;
                long token = i / sizes.width / sizes.heads % sizes.tokens;
                long image = i / sizes.width / sizes.heads / sizes.tokens;
                int acc = 0;
                for (long k = 0; k < sizes.tokens; k++) {
                    long at = ((image * sizes.heads + head) * sizes.tokens + token) * sizes.tokens + k;
                    long other = ((image * sizes.tokens + k) * sizes.heads + head) * sizes.width + d;
                    acc += (int) ((p.getLong(at) - 7) * v.getLong(other));
                }
                assertThat(y.getLong(i))
                        .as("seed %d element %d", seed, i)
                        .isEqualTo(Quantizer.requantize(acc, 0.0019f, 3, epilogue.qmin(), epilogue.qmax()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void floatProduct_oneLeftMatrixForAll_equalsTheProductsOfCopies(String set) throws Exception {
        Random random = new Random(5);
        Tensor a = NativeHarness.randomFloats(Shape.of(1, 7, 1, 9), random);
        Tensor b = NativeHarness.randomFloats(Shape.of(2, 11, 3, 9), random);
        PermutedMatMul op = new PermutedMatMul(new MatMul(), SPLIT_HEADS, SPLIT_AND_TURN, new int[] {2, 0, 1, 3});

        Tensor y = run(set, op, a, b);

        assertThat(y.shape()).isEqualTo(Shape.of(7, 2, 3, 11));
        Tensor copy = Tensor.allocate(DType.F32, Shape.of(9, 11));
        for (int i = 0; i < 6; i++) {
            for (int at = 0; at < 99; at++) {
                copy.setFloat(at, b.getFloat(((i / 3 * 11L + at % 11) * 3 + i % 3) * 9 + at / 11));
            }
            Tensor one = run(set, new MatMul(), Tensor.ofFloats(Shape.of(7, 9), a.toFloats()), copy);
            for (int at = 0; at < 77; at++) {
                assertThat(y.getFloat((at / 11 * 6L + i) * 11 + at % 11))
                        .as("matrix %d element %d", i, at)
                        .isEqualTo(one.getFloat(at));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void scaledSoftmax_masksOfAllShapes_isWithinItsBound(String set) throws Exception {
        for (int seed = 0; seed < 24; seed++) {
            Random random = new Random(seed);
            long[] x = {1 + random.nextInt(3), 1 + random.nextInt(4), 1 + random.nextInt(200), 1 + random.nextInt(90)};
            long[] mask = x.clone();
            for (int axis = 0; axis < 3; axis++) {
                mask[axis] = random.nextBoolean() ? 1 : mask[axis];
            }
            Optional<QuantParams.PerTensor> target = seed % 3 == 0
                    ? Optional.empty()
                    : Optional.of(
                            new QuantParams.PerTensor(seed % 3 == 1 ? DType.U8 : DType.S8, 1 / 255f, -seed % 3 + 2));
            Tensor given = NativeHarness.randomFloats(Shape.of(x), random);
            Tensor added = NativeHarness.randomFloats(Shape.of(mask), random);

            Tensor y = run(set, new ScaledSoftmax(5.5f, target), given, added);

            BroadcastIndex index = new BroadcastIndex(added.shape(), given.shape());
            for (long row = 0; row < given.elementCount() / x[3]; row++) {
                assertRow(given, added, index, y, row * x[3], target, "seed " + seed);
            }
        }
    }

    private static void assertRow(
            Tensor x,
            Tensor mask,
            BroadcastIndex index,
            Tensor y,
            long start,
            Optional<QuantParams.PerTensor> target,
            String seed) {
        double[] terms = new double[Math.toIntExact(x.shape().dim(-1))];
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < terms.length; i++) {
            terms[i] = x.getDouble(start + i) * 5.5f + mask.getDouble(index.at(start + i));
            max = Math.max(max, terms[i]);
        }
        double sum = 0;
        for (double term : terms) {
            sum += Math.exp(term - max);
        }
        for (int i = 0; i < terms.length; i++) {
            double expected = Math.exp(terms[i] - max) / sum;
            // Each of two terms of at most 6.5 is rounded twice at most, which moves their distance.
            double bound = (max - terms[i] + 8 + 2 + 4 * 6.5) * UNIT * expected;
            double steps = target.map(to -> Math.min(
                            expected / to.scale() + to.zeroPoint(), to.dtype().maxInteger()))
                    .orElse(expected);
            double stepBound = target.map(to -> 0.5 + bound / to.scale() + 1e-6).orElse(bound);
            assertThat(Math.abs(y.getDouble(start + i) - steps))
                    .as("%s element %d", seed, start + i)
                    .isLessThanOrEqualTo(stepBound);
        }
    }
}
