package dev.octet.pass;

import dev.octet.graph.Graph;

/**
 * One rewriting of a graph. Idempotent: applied to its own result it changes nothing. Inputs and outputs of the graph
 * keep their names, types and order. Stateless, so safe to share.
 */
public interface Pass {
    /** The name in messages and logs: the class, unless one class is configured in several ways. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** The rewritten graph, or {@code graph} itself if there was nothing to do. */
    Graph apply(Graph graph);
}
