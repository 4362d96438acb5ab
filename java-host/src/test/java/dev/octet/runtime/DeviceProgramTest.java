package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.runtime.TestOps.Both;
import dev.octet.runtime.TestOps.Positive;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DeviceProgramTest {
    private static final SessionOptions OPTIONS = SessionOptions.defaults().withThreads(1);
    private static final ValueInfo X =
            new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(2))));

    private final FakeDevice device = new FakeDevice(AddTo.class);

    private static Node node(String name, Op op, List<String> inputs, String... outputs) {
        return new Node(name, op, inputs, Arrays.asList(outputs));
    }

    private static Graph graph(Map<String, Tensor> constants, List<String> outputs, Node... nodes) {
        List<ValueInfo> infos = outputs.stream()
                .map(name -> new ValueInfo(name, DType.F32, Optional.empty()))
                .toList();
        return new Graph("test", List.of(X), infos, Arrays.asList(nodes), constants);
    }

    /** 1 is added to the input eight times. */
    private static Graph chain() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            nodes.add(node("n" + i, new AddTo(1), List.of(i == 0 ? "x" : "v" + (i - 1)), "v" + i));
        }
        return graph(Map.of(), List.of("v7"), nodes.toArray(Node[]::new));
    }

    private Session open(Graph graph, SessionOptions options) {
        return Session.open(
                graph, new Backends.Opened(new TestOps.TestBackend(), Optional.of(device), "test"), options);
    }

    private static Tensor row(float first) {
        return Tensor.ofFloats(Shape.of(1, 2), first, first + 1);
    }

    private static float[] run(Session session, float first, String output) {
        return Optional.ofNullable(session.run(Map.of("x", row(first))).get(output))
                .orElseThrow()
                .toFloats();
    }

    @Test
    void run_allStepsOnDevice_recordsOnceAndRepeats() {
        try (Session session = open(chain(), OPTIONS)) {
            for (int i = 0; i < 5; i++) {
                assertThat(run(session, i, "v7")).containsExactly(i + 8, i + 9);
            }

            assertThat(device.recordings).hasValue(1);
            Plan plan = session.plan(Map.of("x", Shape.of(1, 2)));
            assertThat(plan.backend()).isEqualTo("fake:0");
            assertThat(plan.fallbacks()).isEmpty();
        }
        assertThat(device.open).hasValue(0);
        assertThat(device.closed).hasValue(1);
    }

    @Test
    void run_stepWithoutKernel_runsOnTheHostAndIsListed() {
        Graph graph = graph(
                Map.of(),
                List.of("y", "plus"),
                node("first", new AddTo(1), List.of("x"), "a"),
                node("both", new Both(), List.of("a"), "plus", "minus"),
                node("last", new AddTo(0), List.of("minus", "a"), "zero"),
                node("end", new AddTo(5), List.of("zero", "plus"), "y"));

        try (Session session = open(graph, OPTIONS)) {
            for (int i = 0; i < 3; i++) {
                assertThat(run(session, i, "y")).containsExactly(i + 6, i + 7);
                assertThat(run(session, i, "plus")).containsExactly(i + 1, i + 2);
            }

            assertThat(session.plan(Map.of("x", Shape.of(1, 2))).fallbacks())
                    .extracting(fallback -> fallback.step().node(), Plan.Fallback::reason)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(
                            "both", "fake:0 has no kernel for it, so it runs on the CPU"));
        }
        assertThat(device.open).hasValue(0);
    }

    @Test
    void run_shapeDependsOnData_isComputedOnTheHost() {
        Graph graph = graph(
                Map.of(),
                List.of("y"),
                node("first", new AddTo(1), List.of("x"), "a"),
                node("positive", new Positive(), List.of("a"), "p"),
                node("last", new AddTo(10), List.of("p"), "y"));

        try (Session session = open(graph, OPTIONS)) {
            assertThat(run(session, -2, "y")).isEmpty();
            assertThat(run(session, -1, "y")).containsExactly(11);
            assertThat(run(session, 3, "y")).containsExactly(14, 15);

            assertThat(session.plan(Map.of("x", Shape.of(1, 2))).fallbacks())
                    .extracting(fallback -> fallback.step().node())
                    .containsExactly("positive", "last");
        }
        assertThat(device.open).hasValue(0);
    }

    @Test
    void run_constantsAndInputs_areOutputsAndOperands() {
        Graph graph = graph(
                Map.of("c", Tensor.ofFloats(Shape.of(1, 2), 100, 200)),
                List.of("c", "x", "y"),
                node("add", new AddTo(1), List.of("x", "c"), "y"));

        try (Session session = open(graph, OPTIONS)) {
            Map<String, Tensor> results = session.run(Map.of("x", row(4)));

            assertThat(results.keySet()).containsExactly("c", "x", "y");
            assertThat(run(session, 4, "c")).containsExactly(100, 200);
            assertThat(run(session, 4, "x")).containsExactly(4, 5);
            assertThat(run(session, 4, "y")).containsExactly(105, 206);
            assertThat(device.open).as("a lane and the constant").hasValue(2);
        }
        assertThat(device.open).hasValue(0);
    }

    @Test
    void run_listener_isToldOfEachStepOnce() {
        List<String> steps = new ArrayList<>();
        Graph graph = graph(
                Map.of(),
                List.of("y"),
                node("first", new AddTo(1), List.of("x"), "a"),
                node("both", new Both(), List.of("a"), "", "b"),
                node("last", new AddTo(1), List.of("b"), "y"));

        try (Session session = open(graph, OPTIONS.withListener((step, _) -> steps.add(step.node())))) {
            assertThat(run(session, 1, "y")).containsExactly(-1, -2);
        }
        assertThat(steps).containsExactlyInAnyOrder("first", "both", "last");
    }

    @Test
    void run_manyThreads_haveALaneEach() throws Exception {
        try (Session session = open(chain(), OPTIONS);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<float[]>> runs = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                float first = i;
                runs.add(threads.submit(() -> run(session, first, "v7")));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(runs.get(i).get()).containsExactly(i + 8, i + 9);
            }
            assertThat(device.open.get()).isBetween(1, 8);
        }
        assertThat(device.open).hasValue(0);
    }

    @Test
    void run_launchFails_namesTheNodeFreesTheLaneAndCanBeTriedAgain() {
        try (Session session = open(chain(), OPTIONS)) {
            for (int n = 0; n < 8; n++) {
                device.enqueuedUntilFailure.set(n);
                assertThatThrownBy(() -> run(session, 0, "v7"))
                        .isInstanceOf(BackendException.class)
                        .hasMessage("node \"n" + n + "\" (AddTo): launch failed")
                        .extracting(fault -> ((BackendException) fault).codeName())
                        .isEqualTo("FAKE_LAUNCH_FAILED");
                assertThat(device.open).hasValue(0);
            }
            device.enqueuedUntilFailure.set(FakeDevice.NEVER);

            assertThat(run(session, 0, "v7")).containsExactly(8, 9);
        }
        assertThat(device.open).hasValue(0);
        assertThat(device.closed).hasValue(1);
    }

    @Test
    void run_noMemoryForALane_saysSo() {
        try (Session session = open(chain(), OPTIONS)) {
            device.lanesUntilFailure.set(0);

            assertThatThrownBy(() -> run(session, 0, "v7"))
                    .isInstanceOf(BackendException.class)
                    .hasMessage("out of memory");
        }
        assertThat(device.closed).hasValue(1);
    }

    @Test
    void open_unknownKernels_closesTheDevice() {
        assertThatThrownBy(() -> open(chain(), OPTIONS.withKernels("nonsense")))
                .isInstanceOf(dev.octet.tensor.ConfigException.class);

        assertThat(device.closed).hasValue(1);
    }
}
