package dev.octet.analysis.lint;

import dev.octet.graph.Node;
import java.util.Optional;
import java.util.Set;

/**
 * A rule, applied to each node of its operators.
 *
 * @param id stable name, such as {@code conv-qdq-add}
 * @param targets the runtimes that it holds for
 * @param operators names of the operators that it looks at
 */
record LintRule(String id, Set<LintTarget> targets, Set<String> operators, Check check) {
    /** Looks at one node. */
    interface Check {
        Optional<Fault> find(QdqView view, Node node);
    }
}
