package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Rules on the kernels around the products. */
final class AroundRules {
    private AroundRules() {}

    /** Kernels that only change type or layout and were not needed before. */
    static List<Verdict> conversions(Comparison.Evidence evidence) {
        return more(
                evidence,
                KernelKinds::conversion,
                Cause.CONVERSION,
                "keep neighbouring layers in the same type and layout: quantize the layers between two INT8 ones, fold"
                        + " Q/DQ into the kernels beside them (octet lint names the places)");
    }

    /** More element-wise kernels beside a node's product than before. */
    static List<Verdict> lostFusion(Comparison.Evidence evidence) {
        return more(
                evidence,
                KernelKinds::elementwise,
                Cause.LOST_FUSION,
                "a Q/DQ pair between a product and its activation or residual add stops their fusion: move the pair"
                        + " behind them (octet lint names the places)");
    }

    private static List<Verdict> more(
            Comparison.Evidence evidence, Predicate<KernelTotal> kind, Cause cause, String fix) {
        List<Verdict> verdicts = new ArrayList<>();
        for (NodePair node : evidence.nodes()) {
            long callsBefore = node.before().calls(kind);
            long callsAfter = node.after().calls(kind);
            long gain = node.after().nanos(kind) - node.before().nanos(kind);
            if (callsAfter > callsBefore && gain > 0) {
                verdicts.add(Verdict.at(node, cause, evidence(node, kind, callsBefore, callsAfter), fix, gain));
            }
        }
        return verdicts;
    }

    private static String evidence(NodePair node, Predicate<KernelTotal> kind, long callsBefore, long callsAfter) {
        return "run " + callsAfter + " times instead of " + callsBefore + ", "
                + KernelKinds.micros(node.after().nanos(kind)) + " instead of "
                + KernelKinds.micros(node.before().nanos(kind)) + "; the longest is "
                + node.after().only(kind).get(0).name();
    }
}
