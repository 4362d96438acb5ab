package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A rule that looks at one node and may answer with a changed graph, and its application until nothing matches. */
@FunctionalInterface
interface Rewriting {
    /** The graph with the pattern rooted at {@code node} replaced; empty where it does not match. */
    Optional<Graph> at(Graph graph, Node node);

    /**
     * Applies a rule to every node in topological order, and at once again to what a match changed, so that something that
     * moves backward moves all the way; again until a sweep finds nothing.
     *
     * @throws IllegalStateException if the rule never comes to an end
     */
    static Graph everywhere(Graph graph, Rewriting rule) {
        Application application = new Application(graph, rule);
        boolean matched = true;
        while (matched) {
            matched = application.sweep();
        }
        return application.current;
    }

    /** A rule at work on a graph. */
    final class Application {
        private static final int FREE_MATCHES = 1000;
        private static final int MATCHES_PER_NODE = 32;

        private final Rewriting rule;
        private Graph current;
        private long matchesLeft;

        private Application(Graph graph, Rewriting rule) {
            this.rule = rule;
            this.current = graph;
            this.matchesLeft =
                    FREE_MATCHES + (long) MATCHES_PER_NODE * graph.nodes().size();
        }

        /** Whether anything matched. */
        private boolean sweep() {
            Graph before = current;
            Deque<String> pending = new ArrayDeque<>();
            for (Node candidate : before.nodes()) {
                pending.add(candidate.name());
                while (!pending.isEmpty()) {
                    pending.addAll(look(pending.remove()));
                }
            }
            return current != before;
        }

        /** Applies the rule to a node, which an earlier match may have dropped; returns the nodes to look at again. */
        private List<String> look(String name) {
            Optional<Graph> changed = current.find(name).flatMap(node -> rule.at(current, node));
            if (changed.isEmpty()) {
                return List.of();
            }
            if (matchesLeft-- == 0) {
                throw new IllegalStateException("a rewriting does not come to an end");
            }
            current = changed.get();
            return current.edited();
        }
    }
}
