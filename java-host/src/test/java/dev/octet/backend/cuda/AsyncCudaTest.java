package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Gather;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in flight on streams of their own: results, faults, cancelling and closing. */
@Tag("cuda")
@Timeout(120)
class AsyncCudaTest {
    private static final int MORE_THAN_ENOUGH = 200;
    private static final int RUNS = 6;

    @RegisterExtension
    private final SimulatorPerTest simulator = new SimulatorPerTest();

    private static SessionOptions on(String device) {
        return SessionOptions.defaults().withThreads(1).withDevice(DeviceChoice.parse(device));
    }

    /** To 8 bits and back. */
    private static Graph graph() {
        List<Node> nodes = List.of(
                new Node("q", QuantizeLinear.along(1), List.of("x", "scale", "zero"), List.of("a")),
                new Node("d", DequantizeLinear.along(1), List.of("a", "scale", "zero"), List.of("y")));
        Map<String, Tensor> constants = Map.of("scale", Tensor.scalar(0.125f), "zero", Tensor.scalar(DType.S8, 3));
        return new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.F32, 3, 5)),
                List.of(ValueInfo.of("y", DType.F32, 3, 5)),
                nodes,
                constants);
    }

    private static Map<String, Tensor> input(int seed) {
        return Map.of("x", TestTensors.uniform(DType.F32, Shape.of(3, 5), 4, seed));
    }

    private static Tensor y(Map<String, Tensor> outputs) {
        return Optional.ofNullable(outputs.get("y")).orElseThrow();
    }

    private static List<Tensor> expected() {
        List<Tensor> outputs = new ArrayList<>();
        try (Session session = Session.open(graph(), on("cpu"))) {
            for (int seed = 0; seed < RUNS; seed++) {
                outputs.add(y(session.run(input(seed))));
            }
        }
        return outputs;
    }

    private void assertClean() {
        assertThat(simulator.get().leaks()).isEmpty();
        assertThat(simulator.get().violations()).isEmpty();
    }

    @Test
    void runAsync_severalSessionsAndThreads_giveEachItsOwnResult() throws Exception {
        List<Tensor> expected = expected();
        try (Session first = Session.open(graph(), on("cuda"));
                Session second = Session.open(graph(), on("cuda").withInFlight(1));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<CompletableFuture<Map<String, Tensor>>>> runs = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Session session = i % 2 == 0 ? first : second;
                int seed = i % RUNS;
                runs.add(threads.submit(() -> session.runAsync(input(seed))));
            }
            for (int i = 0; i < runs.size(); i++) {
                assertThat(y(runs.get(i).get().get()).contentEquals(expected.get(i % RUNS)))
                        .as("run %d", i)
                        .isTrue();
            }
        }
        assertClean();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAIL_ALLOCATION", "FAIL_LAUNCH", "FAIL_COPY", "LOST_AT"})
    void runAsync_nthEventFails_everyFutureEndsWithoutLeak(String setting) {
        List<Tensor> expected = expected();
        boolean passed = false;
        int failed = 0;
        for (int n = 1; n < MORE_THAN_ENOUGH && !passed; n++) {
            simulator.get().set(setting, Integer.toString(n));
            int faults = faults(expected, setting + "=" + n);
            simulator.get().heal();
            assertThat(simulator.get().leaks()).as("%s=%d", setting, n).isEmpty();
            passed = faults == 0;
            failed += faults;
        }

        assertThat(passed).as("a round without a fault in it").isTrue();
        assertThat(failed).as("runs that failed").isPositive();
        assertClean();
    }

    /** How many of some runs in flight ended in a fault of the device; the others' results are right. */
    private static int faults(List<Tensor> expected, String what) {
        List<CompletableFuture<Map<String, Tensor>>> runs = new ArrayList<>();
        try (Session session = Session.open(graph(), on("cuda").withInFlight(2))) {
            for (int seed = 0; seed < RUNS; seed++) {
                runs.add(session.runAsync(input(seed)));
            }
        } catch (BackendException _) {
            return 1;
        }
        int faults = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            assertThat(runs.get(seed)).as(what).isDone();
            try {
                assertThat(y(runs.get(seed).join()).contentEquals(expected.get(seed)))
                        .as(what)
                        .isTrue();
            } catch (CompletionException e) {
                assertThat(e).as(what).hasCauseInstanceOf(BackendException.class);
                faults++;
            }
        }
        return faults;
    }

    @Test
    void runAsync_wrongData_failsThatRunAlone() {
        Node gather = new Node("rows", new Gather(0), List.of("data", "x"), List.of("y"));
        Graph graph = new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.S64, 2)),
                List.of(ValueInfo.of("y", DType.F32, 2)),
                List.of(gather),
                Map.of("data", Tensor.ofFloats(Shape.of(3), 5, 6, 7)));
        try (Session session = Session.open(graph, on("cuda"))) {
            CompletableFuture<Map<String, Tensor>> good =
                    session.runAsync(Map.of("x", Tensor.ofLongs(Shape.of(2), 0, 2)));
            CompletableFuture<Map<String, Tensor>> bad =
                    session.runAsync(Map.of("x", Tensor.ofLongs(Shape.of(2), 0, 3)));
            CompletableFuture<Map<String, Tensor>> next =
                    session.runAsync(Map.of("x", Tensor.ofLongs(Shape.of(2), 1, 1)));

            assertThat(y(good.join()).toFloats()).containsExactly(5, 7);
            assertThatThrownBy(bad::join).hasCauseInstanceOf(ModelException.class);
            assertThat(y(next.join()).toFloats()).containsExactly(6, 6);
        }
        assertClean();
    }

    @Test
    void cancelAndClose_runsInFlight_freeEverythingOnce() {
        List<CompletableFuture<Map<String, Tensor>>> runs = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            try (Session session = Session.open(graph(), on("cuda"))) {
                for (int seed = 0; seed < RUNS; seed++) {
                    CompletableFuture<Map<String, Tensor>> run = session.runAsync(input(seed));
                    runs.add(run);
                    if ((seed + round) % 2 == 0) {
                        run.cancel(true);
                    }
                }
            }
        }

        assertThat(runs).allMatch(CompletableFuture::isDone);
        assertClean();
    }
}
