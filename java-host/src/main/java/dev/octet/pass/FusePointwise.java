package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Pointwise;
import dev.octet.graph.op.PointwiseCode;
import dev.octet.graph.op.Where;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Turns elementwise f32 operators that only each other read, all of one shape, into {@link Pointwise}, with the
 * DequantizeLinears before and the QuantizeLinear behind them: {@code x * sigmoid(x)}, a scale and shift with Relu, a
 * product with broadcasting between 8-bit tensors. Each operator still rounds as it did.
 */
public final class FusePointwise implements Pass {
    private final Evaluator evaluator;

    public FusePointwise(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        Search search = new Search(graph, TrialShapes.of(graph, evaluator), positions(graph));
        GraphEdit edit = new GraphEdit(graph);
        Set<String> fused = new HashSet<>();
        // From the end, so that each group is as large as it can be.
        for (Node candidate : graph.nodes().reversed()) {
            if (!fused.contains(candidate.name())) {
                fuse(search, candidate, edit).forEach(node -> fused.add(node.name()));
            }
        }
        return fused.isEmpty() ? graph : edit.apply();
    }

    private static Map<String, Integer> positions(Graph graph) {
        Map<String, Integer> positions = new HashMap<>();
        graph.nodes().forEach(node -> positions.put(node.name(), positions.size()));
        return positions;
    }

    /** Puts one step in place of what a node ends; returns what it replaces. */
    private static List<Node> fuse(Search search, Node last, GraphEdit edit) {
        Graph graph = search.graph;
        Optional<QuantParams.PerTensor> target = Qdq.target(graph, last);
        Optional<Node> root = target.isEmpty()
                ? Optional.of(last)
                : graph.onlyConsumer(last.input(0)).flatMap(_ -> graph.producer(last.input(0)));
        if (root.isEmpty()) {
            return List.of();
        }
        Group group = new Group(search, root.get());
        Optional<Code> code = group.grow();
        if (code.isEmpty() || (target.isEmpty() && !code.get().gains(group))) {
            return List.of();
        }
        Pointwise op = new Pointwise(
                List.copyOf(code.get().inputs.values()), code.get().instructions.code(), target);
        group.nodes.forEach(edit::remove);
        edit.remove(last);
        edit.put(new Node(root.get().name(), op, List.copyOf(code.get().inputs.keySet()), last.outputs()));
        return group.nodes;
    }

    /**
     * Where groups are looked for.
     *
     * @param positions of nodes in the graph, by name
     */
    private record Search(Graph graph, TrialShapes shapes, Map<String, Integer> positions) {}

    /** Instructions, and what they read with how it is dequantized. */
    private record Code(PointwiseCode instructions, Map<String, Optional<QuantParams.PerTensor>> inputs) {
        /** Whether it saves a pass over memory. */
        boolean gains(Group group) {
            return group.nodes.size() > 1 || inputs.values().stream().anyMatch(Optional::isPresent);
        }
    }

    /** Nodes to fuse, in topological order. */
    private static final class Group {
        private final Graph graph;
        private final TrialShapes shapes;
        private final Map<String, Integer> positions;
        private final String output;
        private List<Node> nodes;

        Group(Search search, Node root) {
            this.graph = search.graph;
            this.shapes = search.shapes;
            this.positions = search.positions;
            this.output = root.output();
            this.nodes = List.of(root);
        }

        /** Takes in all that it can; empty if not even the root has code. */
        Optional<Code> grow() {
            Optional<Code> code = code(nodes);
            for (boolean grown = code.isPresent(); grown; ) {
                grown = false;
                for (Node member : nodes) {
                    for (String input : member.inputs()) {
                        Optional<List<Node>> larger = with(input);
                        Optional<Code> next = larger.flatMap(this::code);
                        if (next.isPresent()) {
                            nodes = larger.orElseThrow();
                            code = next;
                            grown = true;
                        }
                    }
                }
            }
            return code;
        }

        /** The nodes and the one that makes a value of this shape, if none but these read it. */
        private Optional<List<Node>> with(String value) {
            Optional<Node> producer = graph.producer(value);
            if (producer.isEmpty()
                    || nodes.contains(producer.get())
                    || graph.isOutput(value)
                    || !shapes.sameShape(value, output)
                    || graph.consumers(value).size() > nodes.size()
                    || !nodes.containsAll(graph.consumers(value))) {
                return Optional.empty();
            }
            List<Node> larger = new ArrayList<>(nodes);
            larger.add(producer.get());
            larger.sort(Comparator.comparing(node -> positions.getOrDefault(node.name(), 0)));
            return Optional.of(List.copyOf(larger));
        }

        private Optional<Code> code(List<Node> members) {
            Code code = new Code(new PointwiseCode(), new LinkedHashMap<>());
            Map<String, Integer> results = new HashMap<>();
            for (Node node : members) {
                Optional<Integer> result = isReal(node)
                        ? code.instructions.append(node, scalars(node), i -> value(node.input(i), results, code))
                        : Optional.empty();
                if (result.isEmpty()) {
                    return Optional.empty();
                }
                results.put(node.output(), result.get());
            }
            boolean fits = !code.inputs.isEmpty()
                    && code.inputs.size() <= Pointwise.MAX_INPUTS
                    && code.instructions.code().size() <= Pointwise.MAX_INSTRUCTIONS;
            return fits ? Optional.of(code) : Optional.empty();
        }

        private boolean isReal(Node node) {
            int condition = node.op() instanceof Where ? 0 : -1;
            return Elementwise.isAny(node)
                    && graph.dtype(node.output()) == DType.F32
                    && IntStream.range(0, node.inputs().size())
                            .filter(node::hasInput)
                            .allMatch(i -> graph.dtype(node.input(i)) == (i == condition ? DType.BOOL : DType.F32));
        }

        private List<Optional<Tensor>> scalars(Node node) {
            return node.inputs().stream()
                    .map(input -> graph.constant(input)
                            .filter(tensor -> tensor.elementCount() == 1)
                            .filter(tensor -> tensor.shape().rank() <= Math.max(1, shapes.rank(output))))
                    .toList();
        }

        /** What stands for a tensor: an earlier result, or an input, new or seen before. */
        private int value(String name, Map<String, Integer> results, Code code) {
            if (results.containsKey(name)) {
                return Optional.ofNullable(results.get(name)).orElseThrow();
            }
            Optional<Qdq.Dequantized> source = Qdq.byteSource(graph, name);
            String input = source.map(Qdq.Dequantized::value).orElse(name);
            Optional<QuantParams.PerTensor> params = source.flatMap(Qdq.Dequantized::bytePerTensor);
            boolean otherwise = code.inputs.containsKey(input) && !params.equals(code.inputs.get(input));
            String read = otherwise ? name : input;
            code.inputs.putIfAbsent(read, otherwise ? Optional.empty() : params);
            return Pointwise.input(List.copyOf(code.inputs.keySet()).indexOf(read));
        }
    }
}
