package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.runtime.TestOps.Both;
import dev.octet.runtime.TestOps.Fail;
import dev.octet.runtime.TestOps.Ones;
import dev.octet.runtime.TestOps.Positive;
import dev.octet.runtime.TestOps.TestBackend;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final SessionOptions OPTIONS = SessionOptions.defaults().withThreads(2);
    private static final ValueInfo X =
            new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(2))));

    private static Node node(String name, Op op, List<String> inputs, String... outputs) {
        return new Node(name, op, inputs, Arrays.asList(outputs));
    }

    private static ValueInfo out(String name) {
        return new ValueInfo(name, DType.F32, Optional.empty());
    }

    private static Graph graph(List<ValueInfo> inputs, List<String> outputs, Node... nodes) {
        return new Graph(
                "test", inputs, outputs.stream().map(SessionTest::out).toList(), Arrays.asList(nodes), Map.of());
    }

    private static Graph chain(int length) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            nodes.add(node("n" + i, new AddTo(i), List.of(i == 0 ? "x" : "v" + (i - 1)), "v" + i));
        }
        return graph(List.of(X), List.of("v" + (length - 1)), nodes.toArray(Node[]::new));
    }

    private static Tensor rows(int n) {
        Tensor tensor = Tensor.allocate(DType.F32, Shape.of(n, 2));
        for (int i = 0; i < 2 * n; i++) {
            tensor.setFloat(i, i - 3);
        }
        return tensor;
    }

    private static Tensor value(Map<String, Tensor> results, String name) {
        return Optional.ofNullable(results.get(name)).orElseThrow();
    }

    private static Session open(Graph graph) {
        return Session.open(graph, new TestBackend(), OPTIONS);
    }

    @Test
    void run_chain_addsUpAndReusesMemory() {
        try (Session session = open(chain(20))) {
            Tensor result = value(session.run(Map.of("x", rows(3))), "v19");

            assertThat(result.toFloats()).containsExactly(187, 188, 189, 190, 191, 192);
            assertThat(session.plan(Map.of("x", Shape.of(3, 2))).arenaBytes()).isEqualTo(128);
        }
    }

    @Test
    void run_otherBatch_makesAPlanEach() {
        try (Session session = open(chain(2))) {
            assertThat(value(session.run(Map.of("x", rows(1))), "v1").shape()).isEqualTo(Shape.of(1, 2));
            assertThat(value(session.run(Map.of("x", rows(7))), "v1").shape()).isEqualTo(Shape.of(7, 2));
            for (int n = 1; n < 20; n++) {
                assertThat(value(session.run(Map.of("x", rows(n))), "v1").getFloat(2L * n - 1))
                        .isEqualTo(2 * n - 3);
            }
        }
    }

    @Test
    void run_absentOptionalInputAndOutput_passesNone() {
        Graph graph = graph(
                List.of(X),
                List.of("sum"),
                node("both", new Both(), List.of("x"), "", "negative"),
                node("first", new AddTo(1), List.of("negative", ""), "plain"),
                node("second", new AddTo(0), List.of("plain", "x"), "sum"));

        try (Session session = open(graph)) {
            assertThat(value(session.run(Map.of("x", rows(2))), "sum").toFloats())
                    .containsExactly(1, 1, 1, 1);
        }
    }

    @Test
    void run_outputIsInputOrConstant_isDelivered() {
        Graph graph = new Graph(
                "test",
                List.of(X),
                List.of(out("c"), out("x"), out("y"), out("y")),
                List.of(node("add", new AddTo(1), List.of("x"), "y")),
                Map.of("c", Tensor.scalar(5)));

        try (Session session = open(graph)) {
            Map<String, Tensor> results = session.run(Map.of("x", rows(1)));

            assertThat(results.keySet()).containsExactly("c", "x", "y");
            assertThat(value(results, "c").getFloat(0)).isEqualTo(5);
            assertThat(value(results, "x").toFloats()).containsExactly(-3, -2);
            assertThat(value(results, "y").toFloats()).containsExactly(-2, -1);
        }
    }

    @Test
    void run_shapeDependsOnData_isComputedInTheRun() {
        Graph graph = graph(
                List.of(X),
                List.of("result", "both"),
                node("positive", new Positive(), List.of("x"), "p"),
                node("add", new AddTo(10), List.of("p"), "result"),
                node("twice", new AddTo(0), List.of("result", "p"), "both"));
        TestBackend backend = new TestBackend();

        try (Session session = Session.open(graph, backend, OPTIONS)) {
            for (int round = 0; round < 3; round++) {
                Map<String, Tensor> results = session.run(Map.of("x", rows(3)));
                assertThat(value(results, "result").toFloats()).containsExactly(11, 12);
                assertThat(value(results, "both").toFloats()).containsExactly(12, 14);
            }
            Tensor none = Tensor.ofFloats(Shape.of(3, 2), -1, -1, -1, -1, -1, -1);
            assertThat(value(session.run(Map.of("x", none)), "both").elementCount())
                    .isZero();

            assertThat(backend.prepared).hasValue(4 + 2 * 2);
            List<PlanStep> steps = session.plan(Map.of("x", Shape.of(3, 2))).steps();
            assertThat(steps).extracting(PlanStep::kernel).containsOnly(PlanStep.AT_RUN_TIME);
        }
    }

    @Test
    void run_withSink_deliversInOrderOfComputation() {
        Graph graph = graph(
                List.of(X),
                List.of("v2", "v0", "v1"),
                node("n0", new AddTo(1), List.of("x"), "v0"),
                node("n1", new AddTo(1), List.of("v0"), "v1"),
                node("n2", new AddTo(1), List.of("v1"), "v2"));
        Map<String, Float> seen = new LinkedHashMap<>();

        try (Session session = open(graph)) {
            session.run(Map.of("x", rows(1)), (name, value) -> seen.put(name, value.getFloat(0)));

            assertThat(seen).containsExactly(Map.entry("v0", -2f), Map.entry("v1", -1f), Map.entry("v2", 0f));
            assertThat(session.plan(Map.of("x", Shape.of(1, 2))).arenaBytes()).isEqualTo(128);
        }
    }

    @Test
    void run_manyThreads_giveTheSameBits() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Session session = open(chain(30))) {
            Tensor expected = value(session.run(Map.of("x", rows(33))), "v29");
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int rows = i % 3 == 0 ? 5 : 33;
                results.add(threads.submit(() -> {
                    Tensor result = value(session.run(Map.of("x", rows(rows))), "v29");
                    return rows == 5 || result.contentEquals(expected);
                }));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void run_wrongInputs_sayWhichAndWhy() {
        ValueInfo second = new ValueInfo("y", DType.F32, Optional.of(List.of(new Dim.Symbol("n"))));
        Graph graph = graph(List.of(X, second), List.of("z"), node("n", new AddTo(1), List.of("x"), "z"));
        Tensor y = Tensor.ofFloats(Shape.of(1), 0);

        try (Session session = open(graph)) {
            assertData(session, Map.of("x", rows(1)), "input \"y\" f32[n] is missing; got \"x\"");
            assertData(
                    session,
                    Map.of("x", rows(1), "y", y, "q", y),
                    "there is no input \"q\"; the model has \"x\", \"y\"");
            assertData(
                    session,
                    Map.of("x", Tensor.ofInts(Shape.of(1, 2), 0, 0), "y", y),
                    "input \"x\": expected f32[n,2], got s32[1,2]");
            assertData(
                    session,
                    Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 0, 0, 0), "y", y),
                    "input \"x\": expected f32[n,2], got f32[1,3]");
            assertData(session, Map.of("x", y, "y", y), "input \"x\": expected f32[n,2], got f32[1]");
        }
    }

    @Test
    void run_symbolWithTwoExtents_isAccepted() {
        ValueInfo second = new ValueInfo("y", DType.F32, Optional.of(List.of(new Dim.Symbol("n"))));
        Graph graph = graph(List.of(X, second), List.of("z"), node("n", new AddTo(1), List.of("x"), "z"));

        try (Session session = open(graph)) {
            Map<String, Tensor> outputs = session.run(Map.of("x", rows(2), "y", Tensor.ofFloats(Shape.of(1), 0)));

            assertThat(value(outputs, "z").shape()).isEqualTo(Shape.of(2, 2));
        }
    }

    private static void assertData(Session session, Map<String, Tensor> inputs, String message) {
        assertThatThrownBy(() -> session.run(inputs))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.DATA))
                .hasMessage(message);
    }

    @Test
    void run_kernelFails_namesTheNodeAndStaysUsable() {
        Graph fault = graph(List.of(X), List.of("y"), node("bad", new Fail(true), List.of("x"), "y"));
        Graph bug = graph(List.of(X), List.of("y"), node("bad", new Fail(false), List.of("x"), "y"));

        try (Session session = open(fault)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> session.run(Map.of("x", rows(1))))
                        .isInstanceOf(ModelException.class)
                        .hasMessage("node \"bad\" (Fail): bad index 7");
            }
        }
        try (Session session = open(bug)) {
            assertThatThrownBy(() -> session.run(Map.of("x", rows(1))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("node \"bad\" (Fail)")
                    .hasRootCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void run_overTheMemoryLimit_isRefusedBeforeAllocating() {
        Graph bomb = graph(
                List.of(X), List.of("y"), node("n0", new Ones(List.of(1L << 20, 1L << 20, 4L)), List.of("x"), "y"));
        Graph overflow = graph(List.of(X), List.of("y"), node("n0", new Ones(List.of(1L << 62)), List.of("x"), "y"));
        Graph sum = graph(
                List.of(X),
                List.of("z"),
                node("n0", new Ones(List.of(200L)), List.of("x"), "y"),
                node("n1", new AddTo(1), List.of("y"), "z"));

        try (Session session = open(overflow)) {
            assertThatThrownBy(() -> session.run(Map.of("x", rows(1))))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.LIMIT))
                    .hasMessageContaining("node \"n0\" (Ones): output \"y\"");
        }
        for (Graph graph : List.of(bomb, sum)) {
            try (Session session = Session.open(graph, new TestBackend(), OPTIONS.withMemoryLimit(1000))) {
                assertThatThrownBy(() -> session.run(Map.of("x", rows(1))))
                        .isInstanceOfSatisfying(
                                ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.LIMIT))
                        .hasMessageContaining(graph == sum ? "the plan" : "node \"n0\" (Ones): output \"y\"")
                        .hasMessageContaining("1000 bytes");
            }
        }
    }

    @Test
    void run_noKernel_isUnsupported() {
        Graph graph = graph(List.of(X), List.of("y"), node("id", new dev.octet.graph.op.Identity(), List.of("x"), "y"));

        try (Session session = open(graph)) {
            assertThatThrownBy(() -> session.run(Map.of("x", rows(1))))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.UNSUPPORTED))
                    .hasMessage("node \"id\" (Identity): backend test has no kernel for inputs f32[1,2]");
        }
    }

    @Test
    void close_duringRun_waitsForIt() throws Exception {
        Session session = open(chain(1));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        List<Float> seen = new ArrayList<>();
        Thread runner = Thread.ofPlatform()
                .start(() -> session.run(Map.of("x", rows(1)), (_, value) -> {
                    inside.countDown();
                    awaitQuietly(proceed);
                    seen.add(value.getFloat(0));
                }));
        inside.await();
        Thread closer = Thread.ofPlatform().start(session::close);
        closer.join(50);
        assertThat(closer.isAlive()).isTrue();

        proceed.countDown();
        closer.join();
        runner.join();

        assertThat(seen).containsExactly(-3f);
        assertThatThrownBy(() -> session.run(Map.of("x", rows(1)))).isInstanceOf(IllegalStateException.class);
        session.close();
    }

    @Test
    void close_fromWithinARun_isRefused() {
        try (Session session = open(chain(1))) {
            Runnable closing = session::close;
            assertThatThrownBy(() -> session.run(Map.of("x", rows(1)), (_, _) -> closing.run()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("own run");
            assertThat(session.run(Map.of("x", rows(1)))).hasSize(1);
        }
    }

    @Test
    void run_withListener_tellsEachStep() {
        List<String> ran = new ArrayList<>();
        SessionOptions options = OPTIONS.withListener((step, nanos) -> ran.add(step.node() + (nanos > 0)));

        try (Session session = Session.open(chain(3), new TestBackend(), options)) {
            session.run(Map.of("x", rows(1)));

            assertThat(ran).containsExactly("n0true", "n1true", "n2true");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
