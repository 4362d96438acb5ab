package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves Transposes from channels-last to channels-first forward, past everything that can work on the other order of
 * axes, until they meet their inverse and both vanish. What remains stands before operators that need ONNX's order, and
 * at the graph's outputs.
 */
public final class SinkTransposes implements Pass {
    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Transpose)) {
            return graph;
        }
        return Rewriting.everywhere(graph, SinkTransposes::rewrite);
    }

    private static Optional<Graph> rewrite(Graph graph, Node node) {
        return node.op() instanceof Transpose
                ? compose(graph, node).or(() -> merge(graph, node))
                : Permuted.dropBefore(graph, node).or(() -> sink(graph, node));
    }

    private static Optional<Graph> compose(Graph graph, Node node) {
        Optional<Permutation> second = Permutation.of(node);
        Optional<Permutation> first = Permutation.producing(graph, node.input(0));
        if (first.isEmpty()
                || second.isEmpty()
                || first.get().rank() != second.get().rank()) {
            return Optional.empty();
        }
        String source = graph.producer(node.input(0)).orElseThrow().input(0);
        Permutation both = first.get().then(second.get());
        GraphEdit edit = new GraphEdit(graph);
        if (both.isIdentity()) {
            edit.replaceUses(node.output(), source);
        } else {
            edit.put(new Node(node.name(), both.operator(), List.of(source), node.outputs()));
        }
        return Optional.of(edit.apply());
    }

    /** Two consumers of one value in the same order share the Transpose. */
    private static Optional<Graph> merge(Graph graph, Node node) {
        Optional<Permutation> permutation = Permutation.of(node);
        for (Node other : Readers.first(graph, node.input(0))) {
            if (other.name().equals(node.name()) || permutation.isEmpty() || graph.isOutput(node.output())) {
                return Optional.empty();
            }
            if (Permutation.of(other).equals(permutation)) {
                GraphEdit edit = new GraphEdit(graph);
                edit.replaceUses(node.output(), other.output());
                return Optional.of(edit.apply());
            }
        }
        return Optional.empty();
    }

    private static Optional<Graph> sink(Graph graph, Node node) {
        Optional<Permuted> permuted = Permuted.of(graph, node);
        if (permuted.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        Permutation permutation = permuted.get().permutation();
        List<String> inputs = new ArrayList<>(permuted.get().inputs());
        for (Map.Entry<Integer, Tensor> constant : permuted.get().constants().entrySet()) {
            int index = constant.getKey();
            inputs.set(index, edit.addConstant(node.input(index) + "/permuted", constant.getValue()));
        }
        List<String> outputs = new ArrayList<>();
        for (String output : node.outputs()) {
            if (output.isEmpty()) {
                outputs.add("");
                continue;
            }
            String before = edit.freshName(output + "/channelsLast");
            outputs.add(before);
            if (permuted.get().keepsOrder()) {
                String name = edit.freshName(output + "/Transpose");
                edit.put(new Node(name, permutation.operator(), List.of(before), List.of(output)));
            }
        }
        Op op = permuted.get().op();
        edit.put(new Node(node.name(), op, inputs, permuted.get().keepsOrder() ? outputs : node.outputs()));
        return Optional.of(edit.apply());
    }
}
