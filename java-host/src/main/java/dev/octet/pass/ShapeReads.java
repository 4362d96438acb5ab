package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.ShapeOf;
import java.util.List;
import java.util.Optional;

/**
 * Lets a Shape read a value after its quantization or activation instead of before, which has the same shape, so that the
 * value has one reader and can fuse with what makes it.
 */
final class ShapeReads {
    private ShapeReads() {}

    /** The graph where a Shape reads the next value of the same shape; empty for other nodes and other values. */
    static Optional<Graph> defer(Graph graph, Node node) {
        if (!(node.op() instanceof ShapeOf) || graph.isOutput(node.input(0))) {
            return Optional.empty();
        }
        if (Readers.areMany(graph, node.input(0))) {
            return Optional.empty();
        }
        List<Node> others = graph.consumers(node.input(0)).stream()
                .filter(consumer -> !(consumer.op() instanceof ShapeOf))
                .toList();
        if (others.size() != 1 || !keepsShape(graph, others.get(0))) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        edit.setInput(node.name(), 0, others.get(0).output());
        return Optional.of(edit.apply());
    }

    /** Whether the output has the first input's shape and depends on nothing else that is computed. */
    private static boolean keepsShape(Graph graph, Node node) {
        return Operators.is(node, "QuantizeLinear", "Relu", "Clip")
                && node.inputs().stream().skip(1).allMatch(input -> input.isEmpty() || graph.isConstant(input));
    }
}
