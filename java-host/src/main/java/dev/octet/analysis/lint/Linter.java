package dev.octet.analysis.lint;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Checks a graph against every rule of a target. */
public final class Linter {
    private Linter() {}

    /** All findings, errors first, then in the graph's order. */
    public static List<Finding> check(Graph graph, LintTarget target) {
        QdqView view = new QdqView(graph);
        List<Finding> findings = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String op = node.op().type().name();
            for (LintRule rule : LintRules.ALL) {
                if (rule.targets().contains(target) && rule.operators().contains(op)) {
                    rule.check()
                            .find(view, node)
                            .map(fault -> new Finding(
                                    rule.id(), fault.severity(), node.name(), op, fault.cost(), fault.edit()))
                            .ifPresent(findings::add);
                }
            }
        }
        findings.sort(Comparator.comparing(Finding::severity));
        return List.copyOf(findings);
    }
}
