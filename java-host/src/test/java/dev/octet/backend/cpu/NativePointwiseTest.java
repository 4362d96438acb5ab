package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Op;
import dev.octet.graph.op.Activation;
import dev.octet.graph.op.ActivationFunction;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Clip;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Pointwise;
import dev.octet.graph.op.PointwiseFunction;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.VariadicFunction;
import dev.octet.graph.op.Where;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native elementwise code against fp64 functions within the bounds of {@code octet_elements.h}, and its broadcasting. */
class NativePointwiseTest {
    private static final double UNIT = 0x1p-24;
    private static final double SUBNORMAL = 2 * (double) Float.MIN_VALUE;

    private static Tensor run(String set, Op op, Tensor... inputs) throws Exception {
        return NativeHarness.run(
                set, op, 0, Arrays.stream(inputs).map(Optional::of).toList());
    }

    private static float[] dense(float largest) {
        float[] x = new float[20_011];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - x.length / 2) * (2 * largest / x.length);
        }
        return x;
    }

    private static void assertWithin(String set, Op op, DoubleUnaryOperator exact, double units, float largest)
            throws Exception {
        float[] x = dense(largest);
        Tensor y = run(set, op, Tensor.ofFloats(Shape.of(x.length), x));
        for (int i = 0; i < x.length; i++) {
            double expected = exact.applyAsDouble(x[i]);
            boolean near = Math.abs(expected) > Float.MAX_VALUE
                    ? Double.isInfinite(y.getDouble(i))
                    : Math.abs(y.getDouble(i) - expected) <= units * UNIT * Math.abs(expected) + SUBNORMAL;
            if (!near) {
                throw new AssertionError("%s(%s) = %s, not %s".formatted(op, x[i], y.getDouble(i), expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void function_denseArguments_isWithinItsBound(String set) throws Exception {
        assertWithin(set, new Unary(UnaryFunction.EXP), Math::exp, 4, 110);
        assertWithin(set, new Unary(UnaryFunction.EXP), Math::exp, 4, 1);
        for (float largest : new float[] {0.01f, 1, 12, 120}) {
            assertWithin(set, new Unary(UnaryFunction.SIGMOID), RealFunctions::sigmoid, 8, largest);
            assertWithin(set, new Unary(UnaryFunction.TANH), Math::tanh, 12, largest);
            assertWithin(set, new Unary(UnaryFunction.SOFTPLUS), RealFunctions::softplus, 8, largest);
            assertWithin(
                    set,
                    new Unary(UnaryFunction.MISH),
                    x -> x * Math.tanh(RealFunctions.softplus(x)),
                    16,
                    Math.min(largest, 80));
            Activation elu = new Activation(ActivationFunction.ELU, List.of(0.7f));
            assertWithin(set, elu, RealFunctions.of(elu), 12, largest);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void log_allMagnitudes_isWithinItsBound(String set) throws Exception {
        Random random = new Random(4);
        float[] x = new float[50_003];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 2 == 0
                    ? Float.intBitsToFloat(random.nextInt(0x7F800000))
                    : 1 + (random.nextFloat() - 0.5f) * (i % 3 == 0 ? 0.5f : 1e-4f);
        }
        Tensor y = run(set, new Unary(UnaryFunction.LOG), Tensor.ofFloats(Shape.of(x.length), x));
        for (int i = 0; i < x.length; i++) {
            double expected = Math.log(x[i]);
            boolean near = Math.abs(y.getDouble(i) - expected) <= 6 * UNIT * Math.max(Math.abs(expected), 0x1p-10);
            if (!near) {
                throw new AssertionError("log(%s) = %s, not %s".formatted(x[i], y.getDouble(i), expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void function_specialArguments_equalsJavaKernel(String set) throws Exception {
        float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1e-42f, -1e-42f, 3e38f, -1};
        Tensor given = Tensor.ofFloats(Shape.of(x.length), x);
        for (UnaryFunction function : UnaryFunction.values()) {
            boolean hasCode = switch (function) {
                case COS, SIN, IS_NAN, NOT -> false;
                default -> true;
            };
            if (!hasCode) {
                continue;
            }
            Tensor y = run(set, new Unary(function), given);
            Tensor expected = run("java", new Unary(function), given);
            for (int i = 0; i < x.length; i++) {
                float want = expected.getFloat(i);
                float got = y.getFloat(i);
                boolean near = Math.abs((double) got - want) <= 16 * UNIT * Math.abs((double) want) + Float.MIN_VALUE;
                assertThat(Float.compare(got, want) == 0 || got == want || near)
                        .as("%s(%s) = %s, not %s", function, x[i], got, want)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void arithmetic_eachBroadcast_equalsJavaKernel(String set) throws Exception {
        long[][] forms = {{0, 0, 0, 0}, {0, 1, 1, 0}, {1, 1, 1, 0}, {1, 0, 0, 1}, {1, 1, 1, 1}, {0, 1, 0, 1}};
        BinaryFunction[] functions = {BinaryFunction.ADD, BinaryFunction.SUB, BinaryFunction.MUL, BinaryFunction.DIV};
        for (int seed = 0; seed < 24; seed++) {
            Random random = new Random(seed);
            long[] dims = {1 + random.nextInt(3), 1 + random.nextInt(9), 1 + random.nextInt(20), 1 + random.nextInt(300)
            };
            long[] small = dims.clone();
            for (int i = 0; i < dims.length; i++) {
                small[i] = forms[seed % forms.length][i] == 1 ? 1 : dims[i];
            }
            Tensor x = NativeHarness.randomFloats(Shape.of(dims), random);
            Tensor y = NativeHarness.randomFloats(Shape.of(small), random);
            String about = "seed %d, %s with %s".formatted(seed, x, y);
            Op op = new Binary(functions[seed % functions.length]);
            assertThat(run(set, op, x, y).contentEquals(run("java", op, x, y)))
                    .as(about)
                    .isTrue();
            assertThat(run(set, op, y, x).contentEquals(run("java", op, y, x)))
                    .as(about)
                    .isTrue();
            Op most = new Variadic(VariadicFunction.MAX);
            assertThat(run(set, most, y, x).contentEquals(run("java", most, y, x)))
                    .as(about)
                    .isTrue();
            Tensor condition = NativeHarness.randomBytes(DType.U8, Shape.of(small), random);
            byte[] truths = condition.toBytes();
            for (int i = 0; i < truths.length; i++) {
                truths[i] &= 1;
            }
            Tensor truth = Tensor.ofBytes(DType.BOOL, Shape.of(small), truths);
            Op where = new Where();
            assertThat(run(set, where, truth, x, y).contentEquals(run("java", where, truth, x, y)))
                    .as(about)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void clip_knownLimits_keepsNan(String set) throws Exception {
        Tensor x = Tensor.ofFloats(Shape.of(5), Float.NaN, -3, 0.5f, 7, Float.POSITIVE_INFINITY);
        Tensor y = NativeHarness.run(
                set,
                new Clip(),
                2,
                List.of(Optional.of(x), Optional.of(Tensor.scalar(-1f)), Optional.of(Tensor.scalar(6f))));
        assertThat(y.toFloats()).containsExactly(Float.NaN, -1, 0.5f, 6, 6);
    }

    /** Bytes in and out between the same code on floats. */
    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void pointwise_ofBytes_quantizesWhatItGivesOfFloats(String set) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            DType dtype = random.nextBoolean() ? DType.U8 : DType.S8;
            QuantParams.PerTensor source = new QuantParams.PerTensor(dtype, 0.02f, random.nextInt(100));
            QuantParams.PerTensor target = new QuantParams.PerTensor(dtype, 0.013f, random.nextInt(60));
            Shape shape = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(30), 1 + random.nextInt(70));
            Tensor bytes = NativeHarness.randomBytes(dtype, shape, random);
            Tensor row = NativeHarness.randomFloats(Shape.of(shape.dim(2)), random);
            List<Pointwise.Instruction> code = List.of(
                    new Pointwise.Instruction(PointwiseFunction.SIGMOID, Pointwise.input(0), 0, 0, 0, 0),
                    new Pointwise.Instruction(PointwiseFunction.MUL, 0, Pointwise.input(0), 0, 0, 0),
                    new Pointwise.Instruction(PointwiseFunction.ADD, 1, Pointwise.input(1), 0, 0, 0));

            Tensor y = run(
                    set,
                    new Pointwise(List.of(Optional.of(source), Optional.empty()), code, Optional.of(target)),
                    bytes,
                    row);

            Tensor real = run(
                    set,
                    new Pointwise(List.of(Optional.empty(), Optional.empty()), code, Optional.empty()),
                    Quantizer.dequantize(bytes, source),
                    row);
            assertThat(y.contentEquals(Quantizer.quantize(real, target)))
                    .as("seed %d, %s", seed, shape)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void geluByTanh_denseArguments_isNearTheFormula(String set) throws Exception {
        float[] x = dense(12);
        Gelu gelu = new Gelu(true);
        Tensor y = run(set, gelu, Tensor.ofFloats(Shape.of(x.length), x));
        DoubleUnaryOperator exact = RealFunctions.of(gelu);
        for (int i = 0; i < x.length; i++) {
            double expected = exact.applyAsDouble(x[i]);
            boolean near = Math.abs(y.getDouble(i) - expected) <= 16 * UNIT * Math.abs(x[i]);
            if (!near) {
                throw new AssertionError("gelu(%s) = %s, not %s".formatted(x[i], y.getDouble(i), expected));
            }
        }
    }
}
