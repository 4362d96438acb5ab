package dev.octet.calib;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantRange;
import dev.octet.quant.QuantScheme;
import dev.octet.runtime.OutputSink;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CalibrationRunTest {
    private static final long SEED = 21;
    private static final int SAMPLES = 60;
    private static final CalibrationData.Origin ORIGIN = new CalibrationData.Origin("00ff", "test");

    private record Samples(List<Tensor> tensors) implements SampleSource {
        static Samples gaussian() {
            Random random = new Random(SEED);
            List<Tensor> tensors = new ArrayList<>();
            for (int s = 0; s < SAMPLES; s++) {
                Tensor x = Tensor.allocate(DType.F32, Shape.of(1, 501));
                for (int i = 0; i < 501; i++) {
                    x.setFloat(i, (float) (random.nextGaussian() * (1 + s / 20.0)));
                }
                tensors.add(x);
            }
            return new Samples(tensors);
        }

        Samples shuffled(long seed) {
            List<Tensor> copy = new ArrayList<>(tensors);
            Collections.shuffle(copy, new Random(seed));
            return new Samples(copy);
        }

        @Override
        public int count() {
            return tensors.size();
        }

        @Override
        public Map<String, Tensor> inputs(int index) {
            return Map.of("x", tensors.get(index));
        }
    }

    /** Values x, relu(x) and an empty one. */
    private static void graph(Map<String, Tensor> inputs, OutputSink sink) {
        Tensor x = inputs.values().iterator().next();
        Tensor relu = x.copy();
        for (long i = 0; i < relu.elementCount(); i++) {
            relu.setFloat(i, Math.max(x.getFloat(i), 0));
        }
        sink.accept("x", x);
        sink.accept("relu", relu);
        sink.accept("empty", Tensor.ofFloats(Shape.of(0)));
        relu.data().fill((byte) -1);
    }

    private static String text(Samples samples, Calibrator calibrator, ActivationScheme scheme) {
        CalibrationData data = new CalibrationRun(samples, CalibrationRunTest::graph, () -> {}).histograms(2048);
        return RangeJson.format(data.table(calibrator, scheme, ORIGIN));
    }

    @Test
    void histograms_anyOrder_giveByteIdenticalTables() {
        Samples samples = Samples.gaussian();
        for (Calibrator calibrator : Calibrators.ALL) {
            for (ActivationScheme scheme : ActivationScheme.values()) {
                String expected = text(samples, calibrator, scheme);

                for (long seed = 1; seed <= 3; seed++) {
                    assertThat(text(samples.shuffled(seed), calibrator, scheme))
                            .as("%s, %s, order %d", calibrator, scheme, seed)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void table_ofMax_holdsExactRangesAndProvenance() {
        Samples samples = Samples.gaussian();
        float amin = 0;
        float amax = 0;
        for (Tensor tensor : samples.tensors()) {
            for (float value : tensor.toFloats()) {
                amin = Math.min(amin, value);
                amax = Math.max(amax, value);
            }
        }
        AtomicInteger steps = new AtomicInteger();
        CalibrationData data = new CalibrationRun(samples, CalibrationRunTest::graph, steps::incrementAndGet).ranges();

        RangeTable table = data.table(new MaxCalibrator(), ActivationScheme.AFFINE, ORIGIN);

        assertThat(table.ranges())
                .containsOnly(Map.entry("x", new QuantRange(amin, amax)), Map.entry("relu", new QuantRange(0, amax)));
        assertThat(table.find("x").orElseThrow().observed().orElseThrow())
                .isEqualTo(new RangeTable.Observation(
                        new QuantRange(amin, amax), 501L * SAMPLES, java.util.Optional.empty(), java.util.List.of()));
        assertThat(table.provenance())
                .hasValue(new RangeTable.Provenance("00ff", data.dataSha256(), SAMPLES, "max", "AFFINE", 0, "test"));
        assertThat(steps).hasValue(SAMPLES);
    }

    @Test
    void table_withHistograms_summarizesEveryCount() {
        CalibrationData data =
                new CalibrationRun(Samples.gaussian(), CalibrationRunTest::graph, () -> {}).histograms(2048);
        RangeTable table = data.table(new MseCalibrator(), ActivationScheme.SIGN_AWARE, ORIGIN);

        RangeTable.Bins x = table.find("x")
                .orElseThrow()
                .observed()
                .orElseThrow()
                .histogram()
                .orElseThrow();
        RangeTable.Bins relu = table.find("relu")
                .orElseThrow()
                .observed()
                .orElseThrow()
                .histogram()
                .orElseThrow();
        assertThat(x.counts()).hasSize(128);
        assertThat(relu.counts()).hasSize(64);
        assertThat(relu.amin()).isZero();
        assertThat(x.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(501L * SAMPLES);
        assertThat(relu.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(501L * SAMPLES);
    }

    @Test
    void table_needingCountsWithoutThem_isRefused() {
        CalibrationData data = new CalibrationRun(Samples.gaussian(), CalibrationRunTest::graph, () -> {}).ranges();

        assertThatThrownBy(() -> data.table(new EntropyCalibrator(), ActivationScheme.SYMMETRIC, ORIGIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ranges_nanInASample_namesSampleAndTensor() {
        Samples samples = Samples.gaussian();
        samples.tensors().get(7).setFloat(3, Float.NaN);

        assertThatThrownBy(() -> new CalibrationRun(samples, CalibrationRunTest::graph, () -> {}).ranges())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("calibration sample 7")
                .hasMessageContaining("\"x\"");
    }

    @Test
    void construct_withoutSamples_isRefused() {
        assertThatThrownBy(() -> new CalibrationRun(new Samples(List.of()), CalibrationRunTest::graph, () -> {}))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void digest_ofSamples_dependsOnContentNotOrder() {
        Tensor a = Tensor.ofFloats(Shape.of(2), 1, 2);
        Tensor b = Tensor.ofFloats(Shape.of(2), 1, 3);

        String ab = digest(List.of(Map.of("x", a), Map.of("x", b)));

        assertThat(ab).hasSize(64).isEqualTo(digest(List.of(Map.of("x", b), Map.of("x", a))));
        assertThat(digest(List.of(Map.of("x", a), Map.of("x", a)))).isNotEqualTo(ab);
        assertThat(digest(List.of(Map.of("x", a)))).isNotEqualTo(digest(List.of(Map.of("y", a))));
        assertThat(digest(List.of(Map.of("x", a))))
                .isNotEqualTo(digest(List.of(Map.of("x", a.reshape(Shape.of(2, 1))))));
    }

    private static String digest(List<Map<String, Tensor>> samples) {
        DataDigest digest = new DataDigest();
        samples.forEach(digest::add);
        return digest.hex();
    }

    @Test
    void growingHistograms_batchSizeAndGrowth_changeTheResult() {
        Samples samples = Samples.gaussian();

        QuantRange one = entropy(samples, 1, GrowingHistogram.Growth.POWER_OF_TWO);
        QuantRange seven = entropy(samples, 7, GrowingHistogram.Growth.POWER_OF_TWO);
        QuantRange all = entropy(samples, SAMPLES, GrowingHistogram.Growth.POWER_OF_TWO);
        QuantRange squared = entropy(samples, 1, GrowingHistogram.Growth.SQUARED);

        assertThat(List.of(one, seven, all, squared)).as("seed %d", SEED).doesNotHaveDuplicates();
        assertThat(all)
                .as("a single batch is the order-independent histogram")
                .isEqualTo(new CalibrationRun(samples, CalibrationRunTest::graph, () -> {})
                        .histograms(2048)
                        .table(new EntropyCalibrator(), ActivationScheme.SYMMETRIC, ORIGIN)
                        .ranges()
                        .get("x"));
    }

    private static QuantRange entropy(Samples samples, int batch, GrowingHistogram.Growth growth) {
        CalibrationData data =
                new CalibrationRun(samples, CalibrationRunTest::graph, () -> {}).growingHistograms(batch, growth);
        return new EntropyCalibrator().range(requireNonNull(data.histograms().get("x")), QuantScheme.SYMMETRIC_S8);
    }

    @Test
    void growTo_largerBatches_movesCountsToWiderBins() {
        GrowingHistogram histogram = new GrowingHistogram(4, GrowingHistogram.Growth.POWER_OF_TWO);
        histogram.growTo(new QuantRange(0, 4));
        histogram.add(Tensor.ofFloats(Shape.of(4), 0.5f, 1.5f, 2.5f, 3.5f));
        histogram.growTo(new QuantRange(-9, 0));
        histogram.add(Tensor.ofFloats(Shape.of(1), -9));

        assertThat(histogram.toHistogram().limit()).isEqualTo(16);
        assertThat(histogram.toHistogram().signedCounts()).containsExactly(0, 1, 0, 0, 4, 0, 0, 0);
    }

    @Test
    void growTo_squared_squaresTheLimit() {
        GrowingHistogram histogram = new GrowingHistogram(4, GrowingHistogram.Growth.SQUARED);
        histogram.growTo(new QuantRange(0, 3));
        histogram.growTo(new QuantRange(0, 3.5f));
        assertThat(histogram.toHistogram().limit()).isEqualTo(9);

        histogram.growTo(new QuantRange(0, 10));
        assertThat(histogram.toHistogram().limit()).isEqualTo(81);
    }
}
