package dev.octet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphEditTest {
    private static final Op RELU = new Unary(UnaryFunction.RELU);
    private static final Op ADD = new Binary(BinaryFunction.ADD);

    private static ValueInfo value(String name) {
        return new ValueInfo(name, DType.F32, Optional.empty());
    }

    private static Node node(String output, Op op, String... inputs) {
        return new Node(output + ".node", op, List.of(inputs), List.of(output));
    }

    private static Graph graph(List<Node> nodes, String... outputs) {
        return new Graph(
                "test",
                List.of(value("x")),
                List.of(outputs).stream().map(GraphEditTest::value).toList(),
                nodes,
                Map.of("c", Tensor.scalar(1f)));
    }

    /** What a chain of random nodes reads: values before it, so that there is no cycle. */
    private static Graph random(Random random) {
        List<String> values = new ArrayList<>(List.of("x", "c"));
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String a = values.get(random.nextInt(values.size()));
            String b = values.get(random.nextInt(values.size()));
            nodes.add(random.nextBoolean() ? node("v" + i, RELU, a) : node("v" + i, ADD, a, b));
            values.add("v" + i);
        }
        return graph(nodes, "v29", "v20").withoutUnused();
    }

    /** The same changes on plain maps. */
    private static final class Plain {
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Set<String> constants = new HashSet<>();

        Plain(Graph graph) {
            graph.nodes().forEach(node -> nodes.put(node.name(), node));
            constants.addAll(graph.constants().keySet());
        }

        void rename(String from, String to) {
            nodes.replaceAll((_, node) -> new Node(
                    node.name(),
                    node.op(),
                    node.inputs().stream()
                            .map(input -> input.equals(from) ? to : input)
                            .toList(),
                    node.outputs()));
        }

        void read(String name, String value) {
            nodes.computeIfPresent(name, (_, now) -> {
                List<String> inputs = new ArrayList<>(now.inputs());
                inputs.set(0, value);
                return new Node(name, now.op(), inputs, now.outputs());
            });
        }

        /** Drops what no output needs. */
        void prune(Graph of) {
            Set<String> live = new HashSet<>();
            of.outputs().forEach(output -> live.add(output.name()));
            for (int before = -1; before < live.size(); ) {
                before = live.size();
                nodes.values().stream()
                        .filter(node -> live.contains(node.output()))
                        .forEach(node -> live.addAll(node.inputs()));
            }
            nodes.values().removeIf(node -> !live.contains(node.output()));
            constants.retainAll(live);
        }
    }

    private static void change(Graph graph, GraphEdit edit, Plain plain, Random random) {
        int at = random.nextInt(graph.nodes().size());
        Node node = graph.nodes().get(at);
        String earlier = at == 0 ? "x" : graph.nodes().get(random.nextInt(at)).output();
        switch (random.nextInt(4)) {
            case 0 -> {
                edit.setInput(node.name(), 0, earlier);
                plain.read(node.name(), earlier);
            }
            case 1 -> {
                if (!graph.isOutput(node.output())) {
                    edit.replaceUses(node.output(), earlier);
                    plain.rename(node.output(), earlier);
                }
            }
            case 2 -> {
                Op op = node.inputs().size() == 2 ? new Binary(BinaryFunction.MUL) : new Unary(UnaryFunction.ABS);
                edit.setOp(node.name(), op);
                plain.nodes.computeIfPresent(
                        node.name(), (name, now) -> new Node(name, op, now.inputs(), now.outputs()));
            }
            default -> {
                String added = edit.addNode(earlier + "/more", RELU, earlier);
                plain.nodes.put(added, new Node(added, RELU, List.of(earlier), List.of(added)));
                edit.setInput(node.name(), 0, added);
                plain.read(node.name(), added);
            }
        }
    }

    @Test
    void apply_randomChanges_isTheGraphBuiltFromScratch() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Graph graph = random(random);
            for (int round = 0; round < 5 && !graph.nodes().isEmpty(); round++) {
                Plain plain = new Plain(graph);
                GraphEdit edit = new GraphEdit(graph);
                for (int i = random.nextInt(4); i >= 0; i--) {
                    change(graph, edit, plain, random);
                }
                plain.prune(graph);
                graph = edit.apply();

                requireSame(graph, plain, seed);
            }
        }
    }

    private static void requireSame(Graph graph, Plain plain, long seed) {
        String place = "seed " + seed;
        List<String> edited =
                graph.nodes().stream().map(GraphEditTest::spelt).sorted().toList();
        assertThat(edited)
                .as(place)
                .isEqualTo(plain.nodes.values().stream()
                        .map(GraphEditTest::spelt)
                        .sorted()
                        .toList());
        assertThat(graph.constants().keySet()).as(place).isEqualTo(plain.constants);
        Graph scratch = new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.nodes(), graph.constants());
        assertThat(scratch.nodes()).as(place).isEqualTo(graph.nodes());
        for (Node node : graph.nodes()) {
            String value = node.output();
            assertThat(graph.producer(value)).as(place).contains(node);
            assertThat(graph.dtype(value)).as(place).isEqualTo(scratch.dtype(value));
            assertThat(graph.consumers(value)).as(place).containsExactlyInAnyOrderElementsOf(scratch.consumers(value));
        }
    }

    /** A node less its name, which only the edit knows of those that it adds. */
    private static String spelt(Node node) {
        return node.outputs() + " = " + node.op() + node.inputs();
    }

    @Test
    void apply_typeChangesBehindUnchangedNodes_isInferredForAllBehind() {
        Graph graph = graph(
                List.of(
                        node("a", new Cast(DType.F32), "x"),
                        node("b", RELU, "a"),
                        node("d", RELU, "b"),
                        node("y", new Cast(DType.F32), "d")),
                "y");
        GraphEdit edit = new GraphEdit(graph);

        edit.setOp("a.node", new Cast(DType.F16));

        assertThat(edit.apply().dtype("d")).isEqualTo(DType.F16);
    }

    @Test
    void apply_twoNodesWriteOneValue_namesBoth() {
        Graph graph = graph(List.of(node("a", RELU, "x"), node("y", RELU, "a")), "y");
        GraphEdit edit = new GraphEdit(graph);

        edit.put(new Node("other", RELU, List.of("x"), List.of("a")));

        assertThatThrownBy(edit::apply)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tensor \"a\" is written by node \"a.node\" (Relu) and by node \"other\" (Relu)");
    }

    @Test
    void apply_removedNodeIsRead_namesTheReader() {
        Graph graph = graph(List.of(node("a", RELU, "x"), node("y", RELU, "a")), "y");
        GraphEdit edit = new GraphEdit(graph);

        edit.remove(graph.find("a.node").orElseThrow());

        assertThatThrownBy(edit::apply).hasMessageContaining("node \"y.node\" (Relu) reads tensor \"a\"");
    }

    @Test
    void nodes_editedIntoACycle_isRefused() {
        Graph graph = graph(List.of(node("a", RELU, "x"), node("b", RELU, "a"), node("y", RELU, "b")), "y");
        GraphEdit edit = new GraphEdit(graph);
        edit.setInput("a.node", 0, "b");

        Graph cyclic = edit.apply();

        assertThatThrownBy(cyclic::nodes)
                .hasMessageContaining("cycle through node \"a.node\" (Relu), node \"b.node\" (Relu)");
    }

    @Test
    void nodes_addedBehindTheOthers_comeRightBeforeTheirReader() {
        Graph graph = graph(List.of(node("a", RELU, "x"), node("b", RELU, "a"), node("y", RELU, "b")), "y");
        GraphEdit edit = new GraphEdit(graph);
        edit.setInput("y.node", 0, edit.addNode("new", RELU, "b"));

        assertThat(edit.apply().nodes()).extracting(Node::output).containsExactly("a", "b", "new", "y");
    }

    @Test
    void freshName_takenOnesWithoutGap_isTheNextNumber() {
        Graph graph = graph(List.of(node("y", RELU, "x")), "y");
        GraphEdit edit = new GraphEdit(graph);

        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add(edit.freshName("y"));
        }

        for (int i = 0; i < 20; i++) {
            assertThat(names.get(i)).isEqualTo("y_" + (i + 1));
        }
    }

    @Test
    void withoutUnused_nothingUnused_isTheSameGraph() {
        Graph used = graph(List.of(node("y", ADD, "x", "c")), "y");
        Graph unused =
                graph(List.of(node("y", RELU, "x"), node("dead", RELU, "x"), node("deader", ADD, "dead", "c")), "y");

        assertThat(used.withoutUnused()).isSameAs(used);
        assertThat(unused.withoutUnused().nodes()).extracting(Node::output).containsExactly("y");
        assertThat(unused.withoutUnused().constants()).isEmpty();
    }

    @Test
    void addConstant_overHalfTheHeap_isRefused() {
        Tensor large = Tensor.allocate(DType.U8, Shape.of(1 << 20));
        long most = Runtime.getRuntime().maxMemory() / 2 / (1 << 20);
        GraphEdit edit = new GraphEdit(graph(List.of(node("y", RELU, "x")), "y"));
        for (long i = 0; i < most; i++) {
            edit.addConstant("large", large);
        }

        assertThatThrownBy(() -> edit.addConstant("large", large))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("over half of the Java heap's limit");
    }
}
