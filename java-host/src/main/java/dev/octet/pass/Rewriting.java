package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.Optional;

/** A rule that looks at one node and may answer with a changed graph, and its application until nothing matches. */
@FunctionalInterface
interface Rewriting {
    /** The graph with the pattern rooted at {@code node} replaced; empty where it does not match. */
    Optional<Graph> at(Graph graph, Node node);

    /**
     * Applies a rule to every node in topological order, again until a sweep finds nothing.
     *
     * @throws IllegalStateException if the rule never comes to an end
     */
    static Graph everywhere(Graph graph, Rewriting rule) {
        Graph current = graph;
        int limit = 10 + 4 * graph.nodes().size();
        for (int sweep = 0; sweep < limit; sweep++) {
            Graph before = current;
            current = sweep(before, rule);
            if (current == before) {
                return current;
            }
        }
        throw new IllegalStateException("a rewriting does not come to an end");
    }

    private static Graph sweep(Graph graph, Rewriting rule) {
        Graph current = graph;
        for (Node candidate : graph.nodes()) {
            // An earlier match may have dropped or rewired this node.
            Optional<Node> node = current.find(candidate.name());
            if (node.isPresent()) {
                current = rule.at(current, node.get()).orElse(current);
            }
        }
        return current;
    }
}
