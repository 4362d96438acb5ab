package dev.octet.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizerTest {
    private static final long SEED = 42;

    @ParameterizedTest
    @CsvSource({"0.5,0", "1.5,2", "2.5,2", "-0.5,0", "-1.5,-2", "-2.5,-2", "0.49999997,0", "0.50000006,1"})
    void quantize_tieAtHalf_roundsToEven(float x, int q) {
        assertThat(Quantizer.quantize(x, 1, 0, -128, 127)).isEqualTo(q);
    }

    @Test
    void quantize_divides_ratherThanMultiplyingByTheReciprocal() {
        assertThat((int) Math.rint(1.55f * (1 / 0.1f))).isEqualTo(16);
        assertThat(Quantizer.quantize(1.55f, 0.1f, 0, -128, 127)).isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"Infinity,127", "-Infinity,-128", "1e38,127", "-1e38,-128", "NaN,3", "0,3", "-0.0,3", "1.4e-45,3"})
    void quantize_extreme_saturates(float x, int q) {
        assertThat(Quantizer.quantize(x, 0.5f, 3, -128, 127)).isEqualTo(q);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"S8", "U8", "S16", "U16", "S4", "U4", "S2", "U2"})
    void quantize_anyType_roundTripsEveryCode(DType dtype) {
        int qmin = (int) dtype.minInteger();
        int qmax = (int) dtype.maxInteger();
        for (int zeroPoint : new int[] {qmin, (qmin + qmax) / 2, qmax}) {
            QuantParams params = new QuantParams.PerTensor(dtype, 0.37f, zeroPoint);
            int count = qmax - qmin + 1;
            Tensor q = Tensor.allocate(dtype, Shape.of(count));
            IntStream.range(0, count).forEach(i -> q.setLong(i, qmin + i));

            Tensor again = Quantizer.quantize(Quantizer.dequantize(q, params), params);

            assertThat(again.contentEquals(q)).as("zero point %d", zeroPoint).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"S8", "U8", "S16", "U16", "S4", "U4"})
    void fakeQuantize_withinRange_errsByAtMostHalfAStep(DType dtype) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int trial = 0; trial < 50; trial++) {
            float low = (float) -random.nextDouble(0, 10);
            float high = (float) random.nextDouble(0.01, 10);
            QuantParams.PerTensor params = QuantScheme.affine(dtype).fromRange(new QuantRange(low, high));
            // A step beyond half: the zero point's own rounding moves the ends of the grid by up to half a step.
            float bottom = Quantizer.dequantize((int) dtype.minInteger(), params.scale(), params.zeroPoint());
            float top = Quantizer.dequantize((int) dtype.maxInteger(), params.scale(), params.zeroPoint());
            float x = (float) random.nextDouble(Math.max(low, bottom), Math.min(high, top));

            float error = Quantizer.fakeQuantize(Tensor.scalar(x), params).getFloat(0) - x;

            // Division, product and the two casts round by half a unit in the last place each.
            double tolerance = params.scale() / 2.0 + 4 * Math.ulp(Math.max(-low, high));
            assertThat(Math.abs((double) error))
                    .as("seed %d, trial %d", SEED, trial)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    @Test
    void quantize_growingInput_isMonotone() {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] values = random.doubles(2000, -40, 40).sorted().toArray();
        int previous = -128;
        for (double value : values) {
            int q = Quantizer.quantize((float) value, 0.2371f, -5, -128, 127);

            assertThat(q).as("seed %d, at %s", SEED, value).isGreaterThanOrEqualTo(previous);
            previous = q;
        }
    }

    @Test
    void quantize_perAxis_usesTheScaleOfEachSlice() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 3, 2), 1, 1, 1, 1, 1, 1, -2, -2, -2, -2, -2, -2);
        QuantParams params = new QuantParams.PerAxis(DType.S8, 1, new float[] {1, 0.5f, 0.25f}, new int[] {0, 1, 2});

        Tensor q = Quantizer.quantize(x, params);

        assertThat(q.toBytes()).containsExactly(1, 1, 3, 3, 6, 6, -2, -2, -3, -3, -6, -6);
        assertThat(Quantizer.dequantize(q, params).toFloats()).containsExactly(x.toFloats());
    }

    @Test
    void quantize_perBlockOnLastAxis_allowsAShortLastBlock() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, 1, 1, 1, 1, 1);
        QuantParams params =
                new QuantParams.PerBlock(DType.S8, 1, 2, new float[] {1, 0.5f, 0.25f, 0.2f}, new int[] {0, 0, 0, 0});

        assertThat(Quantizer.quantize(x, params).toBytes()).containsExactly(1, 1, 2, 4, 4, 5);
    }

    @Test
    void quantize_perBlockOnFirstAxis_keepsInnerAxisApart() {
        Tensor x = Tensor.ofFloats(Shape.of(3, 2), 1, 1, 1, 1, 1, 1);
        QuantParams params =
                new QuantParams.PerBlock(DType.S8, 0, 2, new float[] {1, 0.5f, 0.25f, 0.2f}, new int[] {0, 0, 0, 0});

        assertThat(Quantizer.quantize(x, params).toBytes()).containsExactly(1, 2, 1, 2, 4, 5);
    }

    @Test
    void quantize_scalesThatDoNotFit_areRefused() {
        Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, 1, 1, 1, 1, 1);
        QuantParams params = new QuantParams.PerAxis(DType.S8, 1, new float[] {1, 1}, new int[] {0, 0});

        assertThatThrownBy(() -> Quantizer.quantize(x, params))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2,3]")
                .hasMessageContaining("3 scales")
                .hasMessageContaining("there are 2");
        assertThatThrownBy(() -> Quantizer.dequantize(x, params)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quantize_emptyTensor_staysEmpty() {
        Tensor x = Tensor.ofFloats(Shape.of(0, 3));

        assertThat(Quantizer.quantize(x, new QuantParams.PerTensor(DType.U8, 1, 0))
                        .elementCount())
                .isZero();
    }

    @Test
    void requantize_accumulatorCorners_saturateWithoutWrapping() {
        assertThat(Quantizer.requantize(Integer.MAX_VALUE, 1, 127, -128, 127)).isEqualTo(127);
        assertThat(Quantizer.requantize(Integer.MIN_VALUE, 1, -128, -128, 127)).isEqualTo(-128);
        assertThat(Quantizer.requantize(Integer.MAX_VALUE, Float.MAX_VALUE, 0, 0, 255))
                .isEqualTo(255);
        assertThat(Quantizer.requantize(5, 0.5f, 10, 0, 255)).isEqualTo(12);
        assertThat(Quantizer.requantize(7, 0.5f, 10, 0, 255)).isEqualTo(14);
    }

    @Test
    void requantizeAdd_roundsOnceAfterTheSum() {
        assertThat(Quantizer.requantizeAdd(5, 0.25f, 5, 0.25f, 0, -128, 127)).isEqualTo(2);
        assertThat(Quantizer.requantizeAdd(7, 0.25f, 7, 0.25f, 1, -128, 127)).isEqualTo(5);
    }
}
