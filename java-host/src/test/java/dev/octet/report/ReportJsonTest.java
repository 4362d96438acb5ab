package dev.octet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportJsonTest {
    private static JsonNode tree(RunReport report) {
        return new JsonMapper().readTree(ReportJson.write(report));
    }

    @Test
    void write_quantize_hasTheStableFields() {
        QuantizeReport report = SampleReports.quantize(10);

        JsonNode json = tree(report);

        assertThat(json.get("int8Nodes").asInt()).isEqualTo(9);
        assertThat(json.get("floatNodes").asInt()).isEqualTo(1);
        JsonNode int8 = json.get("layers").get(0);
        assertThat(int8.get("node").asString()).isEqualTo("/encoder/layer.0/attention/self/query/MatMul");
        assertThat(int8.get("op").asString()).isEqualTo("MatMul");
        assertThat(int8.get("precision").asString()).isEqualTo("int8");
        assertThat(int8.get("sqnrDb").asDouble())
                .isEqualTo(report.layers().get(0).sqnrDb().orElseThrow());
        assertThat(int8.has("reason")).isFalse();
        assertThat(json.get("layers").get(3).get("reason").asString()).contains("Softmax");
        assertThat(json.get("activations").get(1).get("histogram").get("counts").size())
                .isEqualTo(2048);
    }

    @Test
    void write_quantize_readsBackEqual() {
        QuantizeReport report = SampleReports.quantize(4);

        QuantizeReport back = ReportJson.read(ReportJson.write(report), QuantizeReport.class);

        assertThat(back).usingRecursiveComparison().isEqualTo(report);
    }

    @Test
    void write_fieldOrder_isTheRecords() {
        assertThat(tree(SampleReports.quantize(1)).propertyNames())
                .startsWith("model", "sizes", "settings", "provenance", "layers", "activations", "facts", "warnings");
    }

    @Test
    void write_infinityAndNaN_staysValidJson() {
        CompareReport report = new CompareReport(
                "a",
                "b",
                3,
                1,
                List.of(
                        new CompareReport.TensorError("same", Double.POSITIVE_INFINITY, 1, 0),
                        new CompareReport.TensorError("broken", Double.NaN, Double.NaN, Double.NaN)),
                List.of(new CompareReport.LayerError("n", "Conv", "t", 30, 1, 0.1, OptionalDouble.empty())));

        JsonNode json = tree(report);

        assertThat(json.get("outputs").get(0).get("sqnrDb").asDouble()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(json.get("outputs").get(1).get("sqnrDb").isNull()).isTrue();
        assertThat(json.get("agreement").asDouble()).isEqualTo(1);
        assertThat(json.get("layers").get(0).has("maxErrorSteps")).isFalse();
        assertThat(json.get("layers").get(0).get("maxAbsError").asDouble()).isEqualTo(0.1);
    }

    @Test
    void write_eval_hasTheStableFields() {
        JsonNode json = tree(EvalReport.ofHits("m", "cpu", 80, 95, 100));

        assertThat(json.get("top1").asDouble()).isEqualTo(80);
        assertThat(json.get("top5").asDouble()).isEqualTo(95);
        assertThat(json.get("count").asInt()).isEqualTo(100);
        assertThat(json.get("standardError").asDouble()).isCloseTo(4, within(1e-12));
    }

    @Test
    void write_bench_runsAreFlat() {
        BenchReport.Run run =
                new BenchReport.Run("octet", "m", "cpu", 2, 1, new BenchReport.Latency(1_000, 1_500, 2_000, 50), 1e6);

        BenchReport.Ratio ratio = new BenchReport.Ratio(2, "m", 1.25, new BenchReport.Spread(1.2, 1.3));

        JsonNode json = tree(BenchReport.of(List.of(run), List.of(ratio)));

        JsonNode first = json.get("runs").get(0);
        assertThat(first.propertyNames())
                .contains("runtime", "model", "device", "threads", "batch", "medianNanos", "p90Nanos", "p99Nanos");
        assertThat(first.get("p99Nanos").asLong()).isEqualTo(2_000);
        assertThat(json.get("ratio").asDouble()).isEqualTo(1.25);
        assertThat(json.get("ratios").get(0).get("threads").asInt()).isEqualTo(2);
        assertThat(tree(BenchReport.of(List.of(run), List.of())).has("ratio")).isFalse();
    }

    @Test
    void write_inspect_hasTheStableFields() {
        InspectReport.LayerCost conv = new InspectReport.LayerCost(
                "conv1", "Conv", "f32[1,8]", "int8", 72, OptionalLong.of(100), OptionalLong.of(50));
        InspectReport.LayerCost unknown = new InspectReport.LayerCost(
                "nms", "Loop", "f32[?]", "fp32", 0, OptionalLong.empty(), OptionalLong.empty());

        JsonNode json = tree(new InspectReport("m", 1234, List.of("x"), List.of("y"), 72, List.of(conv, unknown)));

        assertThat(json.get("nodes").asInt()).isEqualTo(2);
        assertThat(json.get("macs").asLong()).isEqualTo(100);
        assertThat(json.get("parameters").asLong()).isEqualTo(72);
        assertThat(json.get("layers").get(0).get("operationalIntensity").asDouble())
                .isEqualTo(4);
        assertThat(json.get("layers").get(1).has("macs")).isFalse();
    }

    @Test
    void write_doctor_hasTheStableFields() {
        DoctorReport report = new DoctorReport(
                "0.1.0",
                "25.0.3",
                "two cores",
                List.of("avx2"),
                List.of(new DoctorReport.DeviceState("cpu", "2 threads", true, Optional.empty(), Optional.empty())),
                List.of(new DoctorReport.LibraryState(
                        "libcuda.so.1", false, Optional.empty(), Optional.of("install a driver"))));

        JsonNode json = tree(report);

        assertThat(json.get("devices").get(0).get("name").asString()).isEqualTo("cpu");
        assertThat(json.get("cpuFeatures").get(0).asString()).isEqualTo("avx2");
        assertThat(json.get("libraries").get(0).get("found").asBoolean()).isFalse();
        assertThat(json.get("libraries").get(0).get("why").asString()).isEqualTo("install a driver");
    }
}
