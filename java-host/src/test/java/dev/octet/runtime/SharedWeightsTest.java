package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.ShapeOf;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedWeightsTest {
    /** Packs the first element of input 1 and then adds it, without looking at the input again. */
    private record PackingBackend(AtomicInteger packed, boolean[] inputWasNative) implements Backend {
        @Override
        public String name() {
            return "packing";
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Optional<KernelFactory> kernel(KernelSpec spec) {
            return Optional.of(KernelFactory.of("packing", this::prepare));
        }

        private Kernel prepare(KernelSpec spec) {
            float weight = spec.shared().get(spec.node().name(), Float.class, _ -> {
                packed.incrementAndGet();
                return first(spec);
            });
            return new Kernel() {
                @Override
                public void run(KernelArgs args, Workers workers) {
                    inputWasNative[0] = args.in(1).data().isNative();
                    for (int i = 0; i < args.out(0).elementCount(); i++) {
                        args.out(0).setFloat(i, args.in(0).getFloat(i) + weight);
                    }
                }

                @Override
                public boolean readsConstant(int input) {
                    return input != 1;
                }
            };
        }

        private static float first(KernelSpec spec) {
            try {
                return spec.inputs().value(1).getFloat(0);
            } catch (dev.octet.graph.DataDependentShapeException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final ValueInfo X =
            new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"))));
    private static final ValueInfo Y = new ValueInfo("y", DType.F32, Optional.empty());

    private static float runWith(Session session, int size) {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(size));
        return Optional.ofNullable(session.run(Map.of("x", x)).get("y"))
                .orElseThrow()
                .getFloat(size - 1);
    }

    @Test
    void run_constantWeight_isPackedOnceForAllShapesAndNotCopied() {
        Node add = new Node("add", new AddTo(0), List.of("x", "w"), List.of("y"));
        Graph graph = new Graph("g", List.of(X), List.of(Y), List.of(add), Map.of("w", Tensor.scalar(5)));
        PackingBackend backend = new PackingBackend(new AtomicInteger(), new boolean[1]);

        try (Session session = Session.open(graph, backend, SessionOptions.defaults())) {
            assertThat(runWith(session, 3)).isEqualTo(5);
            assertThat(runWith(session, 7)).isEqualTo(5);
        }

        assertThat(backend.packed).hasValue(1);
        assertThat(backend.inputWasNative).containsExactly(false);
    }

    @Test
    void run_weightComputedFromShapes_isPackedForEach() {
        Node shape = new Node("shape", new ShapeOf(0, Long.MAX_VALUE), List.of("x"), List.of("w"));
        Node add = new Node("add", new AddTo(0), List.of("x", "w"), List.of("y"));
        Graph graph = new Graph("g", List.of(X), List.of(Y), List.of(shape, add), Map.of());
        PackingBackend backend = new PackingBackend(new AtomicInteger(), new boolean[1]);

        try (Session session = Session.open(graph, backend, SessionOptions.defaults())) {
            assertThat(runWith(session, 3)).isEqualTo(3);
            assertThat(runWith(session, 7)).isEqualTo(7);
        }

        assertThat(backend.packed).hasValue(2);
    }
}
