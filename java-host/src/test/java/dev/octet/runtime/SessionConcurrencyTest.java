package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.runtime.TestOps.TestBackend;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link Session} says of threads. */
class SessionConcurrencyTest {
    private static final int THREADS = 4;
    private static final SessionOptions OPTIONS = SessionOptions.defaults().withThreads(2);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** Adds 1 three times to x f32[n,2]. */
    private static Graph graph() {
        ValueInfo x = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(2))));
        List<Node> nodes = List.of(
                new Node("a", new AddTo(1), List.of("x"), List.of("u")),
                new Node("b", new AddTo(1), List.of("u"), List.of("v")),
                new Node("c", new AddTo(1), List.of("v"), List.of("y")));
        return new Graph("test", List.of(x), List.of(new ValueInfo("y", DType.F32, Optional.empty())), nodes, Map.of());
    }

    private static Session open() {
        return Session.open(graph(), new TestBackend(), OPTIONS);
    }

    private static Tensor rows(int count, float value) {
        Tensor tensor = Tensor.allocate(DType.F32, Shape.of(count, 2));
        for (int i = 0; i < 2 * count; i++) {
            tensor.setFloat(i, value);
        }
        return tensor;
    }

    private static boolean isRight(Session session, int count, float value) {
        Tensor y = Optional.ofNullable(
                        session.run(Map.of("x", rows(count, value))).get("y"))
                .orElseThrow();
        return y.contentEquals(rows(count, value + 3));
    }

    @Test
    void run_manySessionsOpenedAndClosedAtOnce_areIndependent() throws Exception {
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            results.add(threads.submit(() -> {
                try (Session session = open()) {
                    return isRight(session, 1 + number % 5, number) && isRight(session, 7, -number);
                }
            }));
        }

        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
    }

    @Test
    void close_whileManyThreadsRun_letsEachRunFinishOrRefusesIt() throws Exception {
        for (int round = 0; round < 10; round++) {
            Session session = open();
            CountDownLatch running = new CountDownLatch(THREADS);
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int value = i;
                results.add(threads.submit(() -> runUntilClosed(session, value, running)));
            }
            running.await();

            session.close();

            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
        }
    }

    private static int runUntilClosed(Session session, int value, CountDownLatch running) {
        for (int runs = 0; ; runs++) {
            try {
                assertThat(isRight(session, 1 + runs % 3, value)).isTrue();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the session is closed");
                return runs;
            }
            if (runs == 0) {
                running.countDown();
            }
        }
    }

    @Test
    void close_byManyThreads_happensOnce() throws Exception {
        Session session = open();
        assertThat(isRight(session, 2, 1)).isTrue();

        List<Future<?>> closings = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            closings.add(threads.submit(session::close));
        }

        for (Future<?> closing : closings) {
            closing.get();
        }
        assertThatThrownBy(() -> session.plan(Map.of("x", Shape.of(1, 2)))).hasMessage("the session is closed");
    }

    @Test
    void run_withinARun_works() {
        try (Session session = open()) {
            List<Boolean> inner = new ArrayList<>();

            session.run(Map.of("x", rows(2, 5)), (_, _) -> inner.add(isRight(session, 2, 9)));

            assertThat(inner).containsExactly(true);
        }
    }

    @Test
    void run_interruptedThread_finishesAndStaysInterrupted() throws Exception {
        List<Boolean> seen = threads.submit(() -> {
                    Thread.currentThread().interrupt();
                    Session session = open();
                    boolean right = isRight(session, 100, 1);
                    session.close();
                    return List.of(right, Thread.currentThread().isInterrupted());
                })
                .get();

        assertThat(seen).containsExactly(true, true);
    }

    @Test
    void run_failingSink_leavesTheSessionUsable() {
        try (Session session = open()) {
            assertThatThrownBy(() -> session.run(Map.of("x", rows(1, 0)), (_, _) -> {
                        throw new IllegalArgumentException("the caller's");
                    }))
                    .hasMessage("the caller's");

            assertThat(isRight(session, 1, 0)).isTrue();
        }
    }
}
