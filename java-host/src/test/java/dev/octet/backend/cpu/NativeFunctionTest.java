package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.graph.op.SumLayerNorm;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native float functions against fp64, within the bounds that {@code octet_elements.h} states. */
class NativeFunctionTest {
    private static final double UNIT = 0x1p-24;

    private static Tensor run(String set, dev.octet.graph.Op op, Tensor x) throws Exception {
        return NativeHarness.run(set, op, 0, List.of(Optional.of(x)));
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void erf_denseArguments_isWithinItsBound(String set) throws Exception {
        int count = 100_003;
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (i - count / 2) / 10_000f;
        }
        Tensor y = run(set, new Unary(UnaryFunction.ERF), Tensor.ofFloats(Shape.of(count), x));
        for (int i = 0; i < count; i++) {
            double expected = ErrorFunction.erf(x[i]);
            assertThat(Math.abs(y.getDouble(i) - expected))
                    .as("erf(%s)", x[i])
                    .isLessThanOrEqualTo(4 * UNIT * Math.abs(expected));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void erf_specialArguments_areKept(String set) throws Exception {
        float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 1e-30f};
        Tensor y = run(set, new Unary(UnaryFunction.ERF), Tensor.ofFloats(Shape.of(5), x));
        assertThat(y.getDouble(0)).isNaN();
        assertThat(y.getDouble(1)).isEqualTo(1);
        assertThat(y.getDouble(2)).isEqualTo(-1);
        assertThat(Double.doubleToRawLongBits(y.getDouble(3))).isEqualTo(Double.doubleToRawLongBits(-0.0));
        assertThat(y.getDouble(4)).isCloseTo(1.1283792e-30, org.assertj.core.data.Percentage.withPercentage(1e-4));
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void softmax_randomRows_isWithinItsBound(String set) throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(600);
            int length = 1 + random.nextInt(150);
            float[] x = new float[rows * length];
            double spread = random.nextBoolean() ? 5 : 100;
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (random.nextGaussian() * spread);
            }
            Tensor y = run(set, new Softmax(SoftmaxFunction.SOFTMAX, -1), Tensor.ofFloats(Shape.of(rows, length), x));
            for (int row = 0; row < rows; row++) {
                assertRow(x, y, row * length, length, seed);
            }
        }
    }

    private static void assertRow(float[] x, Tensor y, int start, int length, int seed) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[start + i]);
        }
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += Math.exp(x[start + i] - max);
        }
        for (int i = 0; i < length; i++) {
            double distance = max - x[start + i];
            double expected = Math.exp(-distance) / sum;
            double bound = distance < 86.9 ? (distance + 8) * UNIT * expected : Math.exp(-86.8);
            assertThat(Math.abs(y.getDouble(start + i) - expected))
                    .as("seed %d index %d distance %s", seed, start + i, distance)
                    .isLessThanOrEqualTo(bound + Float.MIN_NORMAL);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void softmax_nanOrNoFiniteElement_isNanInThatRowOnly(String set) throws Exception {
        float low = Float.NEGATIVE_INFINITY;
        float[] x = {1, Float.NaN, 2, low, low, low, 1, Float.POSITIVE_INFINITY, 0, 0, low, 0};
        Tensor y = run(set, new Softmax(SoftmaxFunction.SOFTMAX, 1), Tensor.ofFloats(Shape.of(4, 3), x));
        assertThat(y.getDouble(0)).isNaN();
        assertThat(y.getDouble(2)).isNaN();
        assertThat(y.getDouble(4)).isNaN();
        assertThat(y.getDouble(7)).isNaN();
        assertThat(y.getDouble(9)).isEqualTo(0.5);
        assertThat(y.getDouble(10)).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void gelu_denseArguments_isWithinItsBound(String set) throws Exception {
        int count = 100_003;
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (i - count / 2) / 7_000f;
        }
        Tensor y = run(set, new Gelu(false), Tensor.ofFloats(Shape.of(count), x));
        for (int i = 0; i < count; i++) {
            double expected = 0.5 * x[i] * (1 + ErrorFunction.erf(x[i] * Math.sqrt(0.5)));
            assertThat(Math.abs(y.getDouble(i) - expected))
                    .as("gelu(%s)", x[i])
                    .isLessThanOrEqualTo(4 * UNIT * Math.abs(x[i]));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void gelu_specialArguments_areAsInTheFormula(String set) throws Exception {
        float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -30, 1e30f};
        Tensor y = run(set, new Gelu(false), Tensor.ofFloats(Shape.of(6), x));
        assertThat(y.getDouble(0)).isNaN();
        assertThat(y.getDouble(1)).isInfinite().isPositive();
        assertThat(y.getDouble(2)).isNaN();
        assertThat(y.getDouble(3)).isZero();
        assertThat(y.getDouble(4)).isZero();
        assertThat(y.getFloat(5)).isEqualTo(1e30f);
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void layerNorm_randomRows_isWithinItsBound(String set) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(300);
            int length = 1 + random.nextInt(150);
            double center = random.nextGaussian() * 10;
            float[] x = new float[rows * length];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (center + random.nextGaussian());
            }
            Tensor scale = NativeHarness.randomFloats(Shape.of(length), random);
            Tensor bias = NativeHarness.randomFloats(Shape.of(1, length), random);
            Tensor given = Tensor.ofFloats(Shape.of(1, rows, length), x);
            Tensor y = NativeHarness.run(
                    set,
                    new LayerNormalization(-1, 1e-3f, DType.F32),
                    2,
                    List.of(Optional.of(given), Optional.of(scale), Optional.of(bias)));
            for (int row = 0; row < rows; row++) {
                assertNormalized(given, scale, bias, y, row, "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void sumLayerNorm_quantized_isTheQuantizedNormOfTheSum(String set) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int length = 1 + random.nextInt(150);
            Shape shape = Shape.of(1 + random.nextInt(300), length);
            QuantParams.PerTensor target =
                    new QuantParams.PerTensor(seed % 2 == 0 ? DType.U8 : DType.S8, 0.017f, random.nextInt(128));
            Tensor x = NativeHarness.randomFloats(shape, random);
            Tensor residual = NativeHarness.randomFloats(shape, random);
            Tensor sum = Tensor.allocate(DType.F32, shape);
            for (long i = 0; i < sum.elementCount(); i++) {
                sum.setFloat(i, x.getFloat(i) + residual.getFloat(i));
            }
            Optional<Tensor> scale = Optional.of(NativeHarness.randomFloats(Shape.of(length), random));
            Optional<Tensor> bias = Optional.of(NativeHarness.randomFloats(Shape.of(length), random));

            Tensor y = NativeHarness.run(
                    set,
                    new SumLayerNorm(1e-3f, false, Optional.of(target)),
                    2,
                    List.of(Optional.of(x), scale, bias, Optional.of(residual)));

            Tensor real = NativeHarness.run(
                    set, new LayerNormalization(-1, 1e-3f, DType.F32), 2, List.of(Optional.of(sum), scale, bias));
            assertThat(y.contentEquals(Quantizer.quantize(real, target)))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    private static void assertNormalized(Tensor x, Tensor scale, Tensor bias, Tensor y, int row, String seed) {
        int length = Math.toIntExact(scale.elementCount());
        long start = (long) row * length;
        double mean = 0;
        for (int i = 0; i < length; i++) {
            mean += x.getDouble(start + i) / length;
        }
        double variance = 0;
        for (int i = 0; i < length; i++) {
            variance += Math.pow(x.getDouble(start + i) - mean, 2) / length;
        }
        double deviation = Math.sqrt(variance + 1e-3f);
        for (int i = 0; i < length; i++) {
            double normalized = (x.getDouble(start + i) - mean) / deviation;
            double expected = normalized * scale.getDouble(i) + bias.getDouble(i);
            double share = Math.abs(mean) / deviation + 4 * Math.abs(normalized);
            double bound = share * Math.abs(scale.getDouble(i)) + Math.abs(expected);
            assertThat(Math.abs(y.getDouble(start + i) - expected))
                    .as("%s row %d element %d", seed, row, i)
                    .isLessThanOrEqualTo(bound * UNIT);
        }
    }
}
