package dev.octet.profile.verdict;

import dev.octet.profile.roofline.LayerCost;
import dev.octet.profile.roofline.Roofline;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two profiles of one model, node by node, and why the later one is not faster.
 *
 * @param nodes the longest in the later profile first
 * @param verdicts the greatest possible gain first
 */
public record Comparison(Run before, Run after, List<NodePair> nodes, List<Verdict> verdicts) {
    public Comparison {
        nodes = List.copyOf(nodes);
        verdicts = List.copyOf(verdicts);
    }

    /**
     * What is known of the model beside its profiles.
     *
     * @param costs of its nodes by name, in the later profile's precision
     */
    public record Costs(Roofline roofline, Map<String, LayerCost> costs) {
        public Costs {
            costs = Map.copyOf(costs);
        }
    }

    /**
     * Compares.
     *
     * @param before the reference, such as fp16
     * @param after the run to explain, such as INT8
     * @param costs of the nodes, if the model and the GPU are known
     */
    public static Comparison of(Run before, Run after, Optional<Costs> costs) {
        List<NodePair> nodes = NodePairs.of(before, after).stream()
                .sorted(Comparator.comparingLong(
                        (NodePair node) -> -node.after().nanos()))
                .toList();
        Evidence evidence = new Evidence(before, after, nodes, costs);
        List<Verdict> verdicts = VerdictRules.ALL.stream()
                .flatMap(rule -> rule.find(evidence).stream())
                .sorted(Comparator.comparingLong(
                        (Verdict verdict) -> -verdict.gainNanos().orElse(0)))
                .toList();
        return new Comparison(before, after, nodes, verdicts);
    }

    /** What the rules look at. */
    record Evidence(Run before, Run after, List<NodePair> nodes, Optional<Costs> costs) {}
}
