package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.runtime.TestOps.Fail;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Session#runAsync} promises, in host memory and on a device. */
@Timeout(60)
class SessionAsyncTest {
    private static final int MANY = 1000;
    private static final SessionOptions OPTIONS = SessionOptions.defaults().withThreads(1);

    private final FakeDevice device = new FakeDevice(AddTo.class, Fail.class);
    private final Semaphore gate = new Semaphore(0);
    private final AtomicInteger steps = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void endThreads() {
        gate.release(MANY);
        threads.shutdownNow();
    }

    /** Adds 1 to x f32[n,2]. */
    private static Graph graph() {
        return graph(new Node("add", new AddTo(1), List.of("x"), List.of("y")));
    }

    private static Graph graph(Node node) {
        ValueInfo x = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(2))));
        ValueInfo y = new ValueInfo("y", DType.F32, Optional.empty());
        return new Graph("test", List.of(x), List.of(y), List.of(node), Map.of());
    }

    private Session open(String where, Graph graph, SessionOptions options) {
        Optional<Device> opened = where.equals("device") ? Optional.of(device) : Optional.empty();
        return Session.open(graph, new Backends.Opened(new TestOps.TestBackend(), opened, "test"), options);
    }

    /** Each step ends when the gate is open. */
    private SessionOptions gated() {
        return OPTIONS.withListener((_, _) -> {
            steps.incrementAndGet();
            gate.acquireUninterruptibly();
        });
    }

    private static Tensor row(float first) {
        return Tensor.ofFloats(Shape.of(1, 2), first, first + 1);
    }

    private static CompletableFuture<Map<String, Tensor>> start(Session session, float first) {
        return session.runAsync(Map.of("x", row(first)));
    }

    private static float[] outputs(Map<String, Tensor> results) {
        return Optional.ofNullable(results.get("y")).orElseThrow().toFloats();
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "device"})
    void runAsync_manyThreads_givesEachItsOwnResultInBoundedMemory(String where) throws Exception {
        try (Session session = open(where, graph(), OPTIONS.withInFlight(3))) {
            List<Future<CompletableFuture<Map<String, Tensor>>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                float first = i;
                calls.add(threads.submit(() -> start(session, first)));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(outputs(calls.get(i).get().get())).containsExactly(i + 1, i + 2);
            }
            assertThat(device.open.get()).as("lanes").isLessThanOrEqualTo(3);
        }
        assertThat(device.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "device"})
    void runAsync_inputChangedAfterTheCall_isNotSeen(String where) throws Exception {
        try (Session session = open(where, graph(), gated())) {
            Tensor x = row(5);
            CompletableFuture<Map<String, Tensor>> first = start(session, 1);
            CompletableFuture<Map<String, Tensor>> second = session.runAsync(Map.of("x", x));
            x.setFloat(0, -100);
            gate.release(MANY);

            assertThat(outputs(first.get())).containsExactly(2, 3);
            assertThat(outputs(second.get())).containsExactly(6, 7);
        }
    }

    @Test
    void runAsync_severalCalls_areComputedInTheirOrder() {
        SessionOptions options = OPTIONS.withInFlight(8).withListener((_, _) -> steps.incrementAndGet());
        try (Session session = open("host", graph(), options)) {
            List<CompletableFuture<Integer>> computedBefore = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                computedBefore.add(start(session, i).thenApply(_ -> steps.get()));
            }

            for (int i = 0; i < 8; i++) {
                assertThat(computedBefore.get(i).join()).as("run %d", i).isGreaterThan(i);
            }
        }
    }

    @Test
    void runAsync_beyondTheLimit_waitsForRoom() throws Exception {
        try (Session session = open("host", graph(), gated().withInFlight(2))) {
            start(session, 0);
            start(session, 1);
            CountDownLatch calling = new CountDownLatch(1);
            Future<CompletableFuture<Map<String, Tensor>>> third = threads.submit(() -> {
                calling.countDown();
                return start(session, 2);
            });
            calling.await();
            assertThatThrownBy(() -> third.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            gate.release(MANY);

            assertThat(outputs(third.get().get())).containsExactly(3, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "device"})
    void runAsync_faults_arriveInTheFutureAndLeaveTheSessionUsable(String where) {
        try (Session session = open(where, graph(), OPTIONS.withPlace("model.onnx"))) {
            assertThat(session.runAsync(Map.of()))
                    .isCompletedExceptionally()
                    .failsWithin(0, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(ModelException.class)
                    .withMessageContaining("model.onnx: input \"x\"");
            assertThat(outputs(start(session, 1).join())).containsExactly(2, 3);
        }
        Graph failing = graph(new Node("fail", new Fail(true), List.of("x"), List.of("y")));
        try (Session session = open(where, failing, OPTIONS)) {
            for (int i = 0; i < 9; i++) {
                assertThatThrownBy(() -> start(session, 1).join())
                        .hasCauseInstanceOf(ModelException.class)
                        .hasMessageContaining("bad index 7");
            }
        }
        assertThat(device.open).hasValue(0);
    }

    @Test
    void runAsync_launchFails_completesWithTheFaultAndFreesTheLane() {
        try (Session session = open("device", graph(), OPTIONS)) {
            device.enqueuedUntilFailure.set(0);
            assertThatThrownBy(() -> start(session, 1).join()).hasCauseInstanceOf(BackendException.class);
            assertThat(device.open).hasValue(0);
            device.enqueuedUntilFailure.set(FakeDevice.NEVER);

            assertThat(outputs(start(session, 1).join())).containsExactly(2, 3);
        }
        assertThat(device.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "device"})
    void cancel_runThatWaits_dropsIt(String where) {
        try (Session session = open(where, graph(), gated())) {
            CompletableFuture<Map<String, Tensor>> first = start(session, 1);
            CompletableFuture<Map<String, Tensor>> second = start(session, 2);
            CompletableFuture<Map<String, Tensor>> third = start(session, 3);
            assertThat(second.cancel(true)).isTrue();
            gate.release(MANY);

            assertThat(outputs(first.join())).containsExactly(2, 3);
            assertThat(outputs(third.join())).containsExactly(4, 5);
            assertThat(second).isCancelled();
            assertThat(steps).as("steps that were heard of").hasValue(2);
        }
        assertThat(device.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "device"})
    void close_runsInFlight_completesThemAndRefusesLaterOnes(String where) throws Exception {
        Session session = open(where, graph(), gated());
        List<CompletableFuture<Map<String, Tensor>>> runs = List.of(start(session, 1), start(session, 2));
        Future<?> closing = threads.submit(session::close);
        gate.release(MANY);
        closing.get();

        assertThat(runs).allMatch(CompletableFuture::isDone);
        assertThat(outputs(runs.getLast().join())).containsExactly(3, 4);
        assertThatThrownBy(() -> start(session, 3).join())
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the session is closed");
        assertThat(device.open).hasValue(0);
        session.close();
    }

    @Test
    void close_whileManyThreadsStartRuns_completesEveryFuture() throws Exception {
        for (int round = 0; round < 20; round++) {
            Session session = open("device", graph(), OPTIONS.withInFlight(1 + round % 3));
            List<Future<List<CompletableFuture<Map<String, Tensor>>>>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(threads.submit(() -> {
                    List<CompletableFuture<Map<String, Tensor>>> runs = new ArrayList<>();
                    for (int run = 0; run < 20; run++) {
                        runs.add(start(session, run));
                    }
                    return runs;
                }));
            }
            session.close();

            for (Future<List<CompletableFuture<Map<String, Tensor>>>> caller : callers) {
                assertThat(caller.get()).allMatch(CompletableFuture::isDone);
            }
            assertThat(device.open).hasValue(0);
        }
    }

    @Test
    void runAsync_dependentWaitsForAnotherRun_doesNotBlockTheSession() {
        try (Session session = open("host", graph(), OPTIONS.withInFlight(1))) {
            CompletableFuture<float[]> chained = start(session, 1).thenApply(results -> {
                float next = outputs(results)[0];
                return outputs(start(session, next).join());
            });

            assertThat(chained.join()).containsExactly(3, 4);
        }
    }

    @Test
    void close_byADependent_works() {
        Session session = open("device", graph(), OPTIONS);

        CompletableFuture<?> closed = start(session, 1).thenRun(session::close);

        closed.join();
        assertThat(device.open).hasValue(0);
        assertThat(device.closed).hasValue(1);
    }

    @Test
    void listener_ofARun_mayStartAnotherButNotClose() {
        List<CompletableFuture<Map<String, Tensor>>> inner = new ArrayList<>();
        List<Session> sessions = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        SessionOptions options = OPTIONS.withInFlight(1).withListener((_, _) -> {
            if (inner.isEmpty()) {
                inner.add(start(sessions.getFirst(), 7));
                try {
                    sessions.getFirst().close();
                } catch (IllegalStateException e) {
                    refusals.add(String.valueOf(e.getMessage()));
                }
            }
        });
        try (Session session = open("host", graph(), options)) {
            sessions.add(session);

            assertThat(outputs(start(session, 1).join())).containsExactly(2, 3);
            assertThat(outputs(inner.getFirst().join())).containsExactly(8, 9);
            assertThat(refusals).containsExactly("a session cannot be closed from within its own run");
        }
    }
}
