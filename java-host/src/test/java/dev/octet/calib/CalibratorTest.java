package dev.octet.calib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibratorTest {
    /** Ends of a range that are tried on either side. */
    private static final int GRID = 28;

    private static final long SEED = 5;
    private static final int COUNT = 20_000;

    /** Gaussian samples, each mapped by {@code map}, and the histogram of them. */
    private record Data(Tensor values, Histogram histogram) {
        static Data of(DoubleUnaryOperator map) {
            Random random = new Random(SEED);
            Tensor values = Tensor.allocate(DType.F32, Shape.of(COUNT));
            for (int i = 0; i < COUNT; i++) {
                values.setFloat(i, (float) map.applyAsDouble(random.nextGaussian()));
            }
            return of(values);
        }

        static Data of(Tensor values) {
            RangeObserver observer = new RangeObserver("x");
            observer.add(values);
            Histogram histogram = new Histogram(observer.range(), Histogram.DEFAULT_BINS);
            histogram.add(values);
            return new Data(values, histogram);
        }

        double squaredError(QuantScheme scheme, QuantRange range) {
            QuantParams.PerTensor params = scheme.fromRange(range);
            double sum = 0;
            for (int i = 0; i < values.elementCount(); i++) {
                float x = values.getFloat(i);
                int q = Quantizer.quantize(x, params.scale(), params.zeroPoint(), scheme.qmin(), scheme.qmax());
                double error = (double) Quantizer.dequantize(q, params.scale(), params.zeroPoint()) - x;
                sum += error * error;
            }
            return sum;
        }

        double leastOfManyRanges(QuantScheme scheme) {
            QuantRange whole = histogram.observed().withZero();
            double least = Double.POSITIVE_INFINITY;
            for (int low = 0; low <= GRID; low++) {
                for (int high = 1; high <= GRID; high++) {
                    QuantRange range = new QuantRange(whole.amin() * low / GRID, whole.amax() * high / GRID);
                    least = Math.min(least, squaredError(scheme, range));
                }
            }
            return least;
        }
    }

    @Test
    void parse_everyListedName_findsItsCalibrator() {
        for (Calibrator calibrator : Calibrators.ALL) {
            assertThat(Calibrators.parse(calibrator.name())).isEqualTo(calibrator);
        }
        assertThat(Calibrators.parse("percentile:99.95").name()).isEqualTo("percentile:99.95");
        assertThat(new PercentileCalibrator(100).name()).isEqualTo("percentile:100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"best", "percentile", "percentile:0", "percentile:101", "percentile:x", "percentile:NaN"})
    void parse_unknownName_saysWhatThereIs(String name) {
        assertThatThrownBy(() -> Calibrators.parse(name))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"" + name + "\"");
    }

    @Test
    void range_everyCalibrator_holdsZeroAndStaysWithinTheObserved() {
        for (double shift : new double[] {-9, -1, 0, 1, 9}) {
            Data data = Data.of(g -> g * g * g + shift);
            QuantRange whole = data.histogram().observed().withZero();
            for (Calibrator calibrator : Calibrators.ALL) {
                for (QuantScheme scheme : new QuantScheme[] {QuantScheme.SYMMETRIC_S8, QuantScheme.AFFINE_U8}) {
                    QuantRange range = calibrator.range(data.histogram(), scheme);

                    assertThat(range).as("%s, shift %s", calibrator, shift).isEqualTo(range.withZero());
                    assertThat(range.amin()).isGreaterThanOrEqualTo(whole.amin());
                    assertThat(range.amax()).isLessThanOrEqualTo(whole.amax());
                    assertThat(range.amax() - range.amin()).isPositive();
                }
            }
        }
    }

    @Test
    void range_everyCalibrator_takesZerosAndConstants() {
        for (float value : new float[] {0, -10000, 3, Float.MIN_VALUE}) {
            Data data = Data.of(Tensor.ofFloats(Shape.of(3), value, value, value));
            for (Calibrator calibrator : Calibrators.ALL) {
                for (QuantScheme scheme : new QuantScheme[] {QuantScheme.SYMMETRIC_S8, QuantScheme.AFFINE_U8}) {
                    QuantRange range = calibrator.range(data.histogram(), scheme);

                    // Percentiles end at the lower edge of the last bin, so a step at most is lost.
                    float end = value < 0 ? range.amin() : range.amax();
                    assertThat(Math.abs(end - value))
                            .as("%s of %s", calibrator, value)
                            .isLessThanOrEqualTo(Math.abs(value) / Histogram.DEFAULT_BINS + Float.MIN_VALUE);
                }
            }
        }
    }

    @Test
    void mse_affine_isAsGoodAsTheBestOfManyRanges() {
        DoubleUnaryOperator[] maps = {
            g -> g,
            g -> Math.exp(g) - 0.3,
            g -> g > 0 ? g : 0.1 * g,
            g -> g * g * g,
            g -> Math.min(Math.max(g * 3, 0), 6) - 0.4
        };
        for (DoubleUnaryOperator map : maps) {
            Data data = Data.of(map);
            QuantRange range = new MseCalibrator().range(data.histogram(), QuantScheme.AFFINE_U8);

            // Half a percent for errors being taken at bin centres.
            assertThat(data.squaredError(QuantScheme.AFFINE_U8, range))
                    .as("seed %d, %s", SEED, range)
                    .isLessThanOrEqualTo(data.leastOfManyRanges(QuantScheme.AFFINE_U8) * 1.005);
        }
    }

    @Test
    void mse_unsigned_usesAllStepsForPositiveValues() {
        Data data = Data.of(g -> Math.max(g, 0));
        QuantRange range = new MseCalibrator().range(data.histogram(), QuantScheme.AFFINE_U8);

        assertThat(range.amin()).isZero();
        assertThat(data.squaredError(QuantScheme.AFFINE_U8, range))
                .isLessThanOrEqualTo(data.leastOfManyRanges(QuantScheme.AFFINE_U8) * 1.005);
        assertThat(data.squaredError(QuantScheme.AFFINE_U8, range))
                .isLessThan(data.squaredError(
                                QuantScheme.SYMMETRIC_S8,
                                new MseCalibrator().range(data.histogram(), QuantScheme.SYMMETRIC_S8))
                        / 2);
    }

    @Test
    void mse_outlier_isClippedWhereItPays() {
        Data data = Data.of(g -> g);
        data.values().setFloat(17, 60);
        Data outlier = Data.of(data.values());

        QuantRange range = new MseCalibrator().range(outlier.histogram(), QuantScheme.SYMMETRIC_S8);

        assertThat(outlier.squaredError(QuantScheme.SYMMETRIC_S8, range))
                .isLessThanOrEqualTo(outlier.squaredError(QuantScheme.SYMMETRIC_S8, new QuantRange(-60, 60)));
    }

    @Test
    void percentile_affine_splitsTheTails() {
        Tensor values = Tensor.allocate(DType.F32, Shape.of(1000));
        for (int i = 0; i < 1000; i++) {
            values.setFloat(i, i - 300);
        }
        QuantRange range = new PercentileCalibrator(90).range(Data.of(values).histogram(), QuantScheme.AFFINE_U8);

        // 50 of 1000 values lie beyond either end, to within a bin of 699 / 8192.
        assertThat(range.amin()).isBetween(-250f, -249f);
        assertThat(range.amax()).isBetween(648f, 649f);
    }

    @Test
    void percentile_hundred_isTheObservedMaximum() {
        Data data = Data.of(g -> g);

        assertThat(new PercentileCalibrator(100).range(data.histogram(), QuantScheme.SYMMETRIC_S8))
                .isEqualTo(data.histogram().observed());
    }

    /** The definition, written out: every candidate distribution built bin by bin. */
    @ParameterizedTest
    @CsvSource({"128, 1", "128, 2", "256, 3", "8, 4"})
    void entropy_randomCounts_equalsTheDefinition(int levels, long seed) {
        Random random = new Random(seed);
        long[] counts = new long[600];
        for (int k = 0; k < counts.length; k++) {
            counts[k] = random.nextInt(4) == 0 ? 0 : (long) (1e5 * Math.exp(-k / 80.0) * random.nextDouble()) + 1;
        }
        double least = Double.POSITIVE_INFINITY;
        int expected = counts.length;
        long[] bins = counts.clone();
        bins[0] = bins[1];
        for (int end = levels; end <= bins.length; end++) {
            double divergence = divergence(bins, end, levels);
            if (divergence <= least) {
                least = divergence;
                expected = end;
            }
        }

        assertThat(EntropyCalibrator.bestEnd(counts, levels))
                .as("seed %d", seed)
                .isEqualTo(expected);
    }

    private static double divergence(long[] bins, int end, int levels) {
        double[] reference = new double[end];
        double[] levelSum = new double[levels];
        int[] filled = new int[levels];
        double total = 0;
        double kept = 0;
        for (int k = 0; k < bins.length; k++) {
            reference[Math.min(k, end - 1)] += bins[k];
            total += bins[k];
            if (k < end) {
                levelSum[k * levels / end] += bins[k];
                filled[k * levels / end] += bins[k] == 0 ? 0 : 1;
                kept += bins[k];
            }
        }
        double sum = 0;
        for (int k = 0; k < end; k++) {
            double candidate = bins[k] == 0 ? 0 : levelSum[k * levels / end] / filled[k * levels / end] / kept;
            if (reference[k] > 0) {
                sum += reference[k] / total * Math.log(reference[k] / total / candidate);
            }
        }
        return sum;
    }
}
