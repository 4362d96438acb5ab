package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The values that reach, through operators that only move elements, one that is quantized; grows as more are. */
final class QuantizedBehind {
    private final Graph graph;
    private final Set<String> reaching = new HashSet<>();

    QuantizedBehind(Graph graph) {
        this.graph = graph;
    }

    /** Counts a value as quantized, and so all that reaches it: each value of the graph is walked once. */
    void add(String quantized) {
        Deque<String> pending = new ArrayDeque<>();
        pending.add(quantized);
        while (!pending.isEmpty()) {
            String value = pending.remove();
            if (!reaching.add(value)) {
                continue;
            }
            Optional<Node> mover = graph.producer(value).filter(node -> Commuting.is(graph, node));
            mover.ifPresent(node -> Commuting.data(node).forEach(input -> pending.add(node.input(input))));
        }
    }

    /** Whether a value is quantized or reaches one that is. */
    boolean contains(String value) {
        return reaching.contains(value);
    }
}
