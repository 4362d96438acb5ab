package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.Model;
import dev.octet.graph.Dim;
import dev.octet.graph.ValueInfo;
import dev.octet.report.BenchReport;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {
    @TempDir
    private Path folder;

    @Test
    void bench_json_hasTheDocumentedFields() throws IOException {
        Path model = TinyModels.relu(folder);

        CommandRun run = CommandRun.of(
                "bench", model, "--batch", 5, "--threads", 1, "--iterations", 23, "--device", "cpu", "--json");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode json = run.json();
        assertThat(json.has("ratio")).isFalse();
        JsonNode measured = json.get("runs").get(0);
        assertThat(measured.get("runtime").asString()).isEqualTo("octet");
        assertThat(measured.get("model").asString()).isEqualTo(model.toString());
        assertThat(measured.get("device").asString()).isEqualTo("cpu");
        assertThat(measured.get("threads").asInt()).isEqualTo(1);
        assertThat(measured.get("batch").asInt()).isEqualTo(5);
        assertThat(measured.get("iterations").asInt()).isEqualTo(23);
        long median = measured.get("medianNanos").asLong();
        assertThat(median).isPositive();
        assertThat(measured.get("p90Nanos").asLong()).isGreaterThanOrEqualTo(median);
        assertThat(measured.get("p99Nanos").asLong())
                .isGreaterThanOrEqualTo(measured.get("p90Nanos").asLong());
    }

    @Test
    void bench_shapeOfAnInput_isMeasured() throws IOException {
        Path model = TinyModels.relu(folder);

        CommandRun run = CommandRun.of("bench", model, "--shape", "x=7x3", "--threads", 1, "--iterations", 3, "--json");
        CommandRun unknown = CommandRun.of("bench", model, "--shape", "z=7x3", "--iterations", 3);
        CommandRun malformed = CommandRun.of("bench", model, "--shape", "x=7xa", "--iterations", 3);

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().get("runs").get(0).get("batch").asInt()).isEqualTo(7);
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("no input \"z\"");
        assertThat(malformed.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void bench_threadCounts_eachHaveARun() throws IOException {
        CommandRun run = CommandRun.of(
                "bench", TinyModels.relu(folder), "--dim", "N=6", "--threads", "2,1", "--iterations", 3, "--json");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode runs = run.json().get("runs");
        assertThat(runs.size()).isEqualTo(2);
        assertThat(runs.get(0).get("threads").asInt()).isEqualTo(2);
        assertThat(runs.get(1).get("threads").asInt()).isEqualTo(1);
        assertThat(runs.get(1).get("batch").asInt()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"--threads,'1,0'", "--threads,'1,'", "--dim,M=3", "--dim,N", "--dim,N=0", "--peer-model,other.onnx"})
    void bench_badValue_isUsageAndNamed(String option, String value) throws IOException {
        CommandRun run = CommandRun.of("bench", TinyModels.relu(folder), option, value, "--iterations", 1);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(option);
    }

    @Test
    void measure_peerOnTwoFiles_fastestCounts() throws IOException {
        Path model = TinyModels.relu(folder);
        Path fast = folder.resolve("fast.onnx");
        SleepyPeer runtime = new SleepyPeer(Map.of(model, 4_000_000L, fast, 1_000_000L));
        Model loaded = Model.load(model);
        BenchInputs inputs = BenchInputs.of(loaded.inputs(), extents(OptionalLong.of(2)), 0);
        BenchContest contest = new BenchContest(
                model,
                inputs,
                Optional.of(new BenchContest.Opponents(runtime, List.of(model, fast))),
                new BenchRounds.Limit(5, Long.MAX_VALUE));

        BenchContest.Outcome outcome;
        try (Session session = loaded.open(SessionOptions.defaults().withThreads(1))) {
            outcome = contest.measure(session, 1, () -> {});
        }

        assertThat(outcome.runs())
                .extracting(BenchReport.Run::runtime)
                .containsExactly("octet", "sleepy 1", "sleepy 1");
        BenchReport.Ratio ratio = outcome.ratio().orElseThrow();
        assertThat(ratio.peerModel()).isEqualTo(fast.toString());
        assertThat(ratio.ratio())
                .isEqualTo((double) outcome.runs().get(2).latency().medianNanos()
                        / outcome.runs().get(0).latency().medianNanos());
        assertThat(BenchReport.of(outcome.runs(), List.of(ratio)).ratio()).hasValue(ratio.ratio());
        assertThat(runtime.open()).as("peers and inputs left open").isZero();
    }

    @Test
    void bench_text_isATable() throws IOException {
        CommandRun run = CommandRun.of("bench", TinyModels.relu(folder), "--iterations", 3);

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("median ms", "octet", "batch 1");
    }

    @Test
    void bench_peerWithoutItsJar_saysHowToGetIt() throws IOException {
        CommandRun run = CommandRun.of("bench", TinyModels.relu(folder), "--against", "ort");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("profiling/benchmarks");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void bench_unknownPeer_isUsage() throws IOException {
        CommandRun run = CommandRun.of("bench", TinyModels.relu(folder), "--against", "nobody");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("nobody");
    }

    @Test
    void bench_secondsAndIterations_isUsage() throws IOException {
        CommandRun run = CommandRun.of("bench", TinyModels.relu(folder), "--seconds", 1, "--iterations", 1);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("not both");
    }

    @Test
    void of_integerAndFloatInputs_areFilledSensibly() {
        ValueInfo ids =
                new ValueInfo("ids", DType.S64, Optional.of(List.of(new Dim.Symbol("N"), new Dim.Symbol("length"))));
        ValueInfo x = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("N"), new Dim.Known(3))));

        BenchInputs inputs = BenchInputs.of(List.of(ids, x), extents(OptionalLong.of(4)), 1);

        Map<String, Tensor> tensors = inputs.tensors();
        assertThat(inputs.batch()).isEqualTo(4);
        assertThat(tensors.get("ids").shape()).isEqualTo(Shape.of(4, 4));
        assertThat(tensors.get("ids").getLong(15)).isEqualTo(1);
        assertThat(tensors.get("x").shape()).isEqualTo(Shape.of(4, 3));
        assertThat(tensors.get("x").toFloats()).doesNotHaveDuplicates();
        assertThat(BenchInputs.of(List.of(x), extents(OptionalLong.of(4)), 1)
                        .tensors()
                        .get("x")
                        .toFloats())
                .as("the same seed gives the same values")
                .isEqualTo(BenchInputs.of(List.of(x), extents(OptionalLong.of(4)), 1)
                        .tensors()
                        .get("x")
                        .toFloats());
    }

    private static BenchInputs.Extents extents(OptionalLong batch) {
        return new BenchInputs.Extents(batch, Map.of());
    }

    @Test
    void of_namedExtents_goBeforeTheBatch() {
        List<Dim> dims = List.of(new Dim.Symbol("N"), new Dim.Symbol("length"));
        List<ValueInfo> ids = List.of(new ValueInfo("ids", DType.S64, Optional.of(dims)));

        BenchInputs length = BenchInputs.of(ids, new BenchInputs.Extents(OptionalLong.of(2), Map.of("length", 7L)), 0);
        BenchInputs both =
                BenchInputs.of(ids, new BenchInputs.Extents(OptionalLong.empty(), Map.of("length", 7L, "N", 3L)), 0);

        assertThat(length.batch()).isEqualTo(2);
        assertThat(length.tensors().get("ids").shape()).isEqualTo(Shape.of(2, 7));
        assertThat(both.batch()).isEqualTo(3);
        assertThat(both.tensors().get("ids").shape()).isEqualTo(Shape.of(3, 7));
    }

    @Test
    void of_fixedBatch_isTakenFromTheModel() {
        List<ValueInfo> inputs = List.of(ValueInfo.of("x", DType.F32, 2, 3));

        assertThat(BenchInputs.of(inputs, extents(OptionalLong.empty()), 0).batch())
                .isEqualTo(2);
        assertThatThrownBy(() -> BenchInputs.of(inputs, extents(OptionalLong.of(5)), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("5")
                .hasMessageContaining("2");
    }

    @Test
    void measure_iterations_countsAsManyOfEachRunner() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        BenchRounds rounds = new BenchRounds(List.of(first::incrementAndGet, second::incrementAndGet));

        rounds.measure(new BenchRounds.Limit(3, Long.MAX_VALUE), () -> {});

        assertThat(rounds.latency(0).iterations()).isEqualTo(3);
        assertThat(rounds.latency(1).iterations()).isEqualTo(3);
        assertThat(first.get()).as("warm-up runs are not counted").isGreaterThan(3);
        assertThat(rounds.spread(1, 0).lowest())
                .isLessThanOrEqualTo(rounds.spread(1, 0).highest());
    }

    @Test
    void percentile_ofOneToTen_isTheNearestRank() {
        long[] sorted = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

        assertThat(BenchRounds.percentile(sorted, 50)).isEqualTo(5);
        assertThat(BenchRounds.percentile(sorted, 90)).isEqualTo(9);
        assertThat(BenchRounds.percentile(sorted, 99)).isEqualTo(10);
        assertThat(BenchRounds.percentile(new long[] {4}, 50)).isEqualTo(4);
    }
}
