package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.runtime.TestOps.Positive;
import dev.octet.runtime.TestOps.TestBackend;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The memory limit of a session over several runs. */
class SessionMemoryTest {
    private static final ValueInfo X =
            new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(2))));

    /** x and y take 64 bytes each, the least that a value takes. */
    private static final long ONE_RUN = 128;

    private static Session open(dev.octet.graph.Op op, long limitBytes) {
        Node node = new Node("node", op, List.of("x"), List.of("y"));
        ValueInfo y = new ValueInfo("y", DType.F32, Optional.empty());
        Graph graph = new Graph("test", List.of(X), List.of(y), List.of(node), Map.of());
        SessionOptions options = SessionOptions.defaults().withThreads(1).withMemoryLimit(limitBytes);
        return Session.open(graph, new TestBackend(), options);
    }

    private static Map<String, Tensor> rows(int n) {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(n, 2));
        for (int i = 0; i < 2 * n; i++) {
            x.setFloat(i, i + 1);
        }
        return Map.of("x", x);
    }

    @Test
    void run_withinAnotherRun_countsTheMemoryOfBoth() {
        try (Session session = open(new AddTo(1), 2 * ONE_RUN - 1)) {
            List<Float> seen = new ArrayList<>();

            assertThatThrownBy(() ->
                            session.run(rows(1), (_, _) -> session.run(rows(1), (_, y) -> seen.add(y.getFloat(0)))))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.LIMIT))
                    .hasMessageContaining("while the session's runs and kernels hold 128 bytes")
                    .hasMessageContaining("the memory limit is 255 bytes");
            session.run(rows(1), (_, y) -> seen.add(y.getFloat(0)));

            assertThat(seen).containsExactly(2f);
        }
    }

    @Test
    void run_withinAnotherRunWithRoomForBoth_works() {
        try (Session session = open(new AddTo(1), 2 * ONE_RUN)) {
            List<Float> seen = new ArrayList<>();

            session.run(rows(1), (_, _) -> session.run(rows(1), (_, y) -> seen.add(y.getFloat(0))));

            assertThat(seen).containsExactly(2f);
        }
    }

    @Test
    void run_afterRunsOfOtherShapes_takesTheMemoryTheyLeft() {
        try (Session session = open(new AddTo(1), ONE_RUN)) {
            for (int n = 1; n <= 6; n++) {
                int rows = n;
                assertThatCode(() -> session.run(rows(rows))).as("%d rows", n).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void run_outputsOfDataDependentShape_areGivenBack() {
        try (Session session = open(new Positive(), ONE_RUN)) {
            for (int i = 0; i < 5; i++) {
                assertThat(session.run(rows(3))).containsKey("y");
            }
            assertThatThrownBy(() -> session.run(rows(9)))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.LIMIT));
        }
    }
}
