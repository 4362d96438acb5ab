package dev.octet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.runtime.TestOps.AddTo;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where steps read a session's inputs: in the caller's memory where they can, else in a copy. */
class InputMemoryTest {
    private static final ValueInfo X = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Known(5))));
    private static final Shape SHAPE = Shape.of(5);

    /** Adds one and remembers where the input was. */
    private record WatchingBackend(List<Long> addresses, KernelFactory.OutputPlace place) implements Backend {
        @Override
        public String name() {
            return "watching";
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Optional<KernelFactory> kernel(KernelSpec spec) {
            boolean last = spec.node().name().equals("last");
            return Optional.of(KernelFactory.of("watching", _ -> (args, _) -> add(args))
                    .withOutput(_ -> last ? KernelFactory.OutputPlace.OWN : place));
        }

        private void add(KernelArgs args) {
            addresses.add(args.in(0).data().address());
            for (int i = 0; i < SHAPE.elementCount(); i++) {
                args.out(0).setFloat(i, args.in(0).getFloat(i) + 1);
            }
        }
    }

    private final List<Long> addresses = new ArrayList<>();

    private Session open(KernelFactory.OutputPlace place, String... outputs) {
        Node first = new Node("first", new AddTo(0), List.of("x"), List.of("h"));
        Node last = new Node("last", new AddTo(0), List.of("h"), List.of("y"));
        List<ValueInfo> values = new ArrayList<>();
        for (String output : outputs) {
            values.add(new ValueInfo(output, DType.F32, Optional.empty()));
        }
        Graph graph = new Graph("test", List.of(X), values, List.of(first, last), Map.of());
        return Session.open(graph, new WatchingBackend(addresses, place), SessionOptions.defaults());
    }

    private static Tensor filled(MemorySegment memory, float value) {
        Tensor tensor = Tensor.wrap(DType.F32, SHAPE, memory);
        for (int i = 0; i < SHAPE.elementCount(); i++) {
            tensor.setFloat(i, value);
        }
        return tensor;
    }

    private static float first(Map<String, Tensor> outputs, String name) {
        return Optional.ofNullable(outputs.get(name)).orElseThrow().getFloat(0);
    }

    @Test
    void run_alignedSharedMemory_isReadInPlaceByThisRunAlone() {
        try (Session session = open(KernelFactory.OutputPlace.OWN, "y");
                Arena arena = Arena.ofShared()) {
            Tensor x = filled(arena.allocate(20, 64), 3);
            Tensor heap = filled(MemorySegment.ofArray(new float[5]), 7);

            assertThat(first(session.run(Map.of("x", x)), "y")).isEqualTo(5);
            assertThat(first(session.run(Map.of("x", heap)), "y")).isEqualTo(9);
            assertThat(x.toFloats()).containsOnly(3);

            assertThat(addresses.get(0)).isEqualTo(x.data().address());
            assertThat(addresses.get(2)).isNotEqualTo(x.data().address());
        }
    }

    @Test
    void run_memoryOfOneThreadOrOffAlignment_isCopied() {
        try (Session session = open(KernelFactory.OutputPlace.OWN, "y");
                Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            Tensor x = filled(confined.allocate(20, 64), 3);
            Tensor odd = filled(shared.allocate(24, 64).asSlice(4), 4);

            assertThat(first(session.run(Map.of("x", x)), "y")).isEqualTo(5);
            assertThat(first(session.run(Map.of("x", odd)), "y")).isEqualTo(6);

            assertThat(addresses).doesNotContain(x.data().address(), odd.data().address());
        }
    }

    @Test
    void run_inputThatIsAnOutputToo_isDelivered() {
        try (Session session = open(KernelFactory.OutputPlace.OWN, "x", "y");
                Arena arena = Arena.ofShared()) {
            Tensor x = filled(arena.allocate(20, 64), 3);

            Map<String, Tensor> outputs = session.run(Map.of("x", x));

            assertThat(first(outputs, "x")).isEqualTo(3);
            assertThat(first(outputs, "y")).isEqualTo(5);
        }
    }

    @Test
    void run_inputThatAnotherValueSharesMemoryWith_isCopied() {
        try (Session session = open(KernelFactory.OutputPlace.FIRST_INPUT, "y");
                Arena arena = Arena.ofShared()) {
            Tensor x = filled(arena.allocate(20, 64), 3);

            assertThat(first(session.run(Map.of("x", x)), "y")).isEqualTo(4);

            assertThat(addresses).doesNotContain(x.data().address());
        }
    }
}
