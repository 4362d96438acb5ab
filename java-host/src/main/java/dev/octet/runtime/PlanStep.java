package dev.octet.runtime;

import dev.octet.graph.TensorType;
import java.util.List;

/**
 * One node of a plan and what computes it.
 *
 * @param node the node's name
 * @param op the operator's name
 * @param kernel the kernel's name, or {@link #AT_RUN_TIME}
 * @param precision of its first input
 * @param outputs types of the outputs; empty if their shapes depend on data
 */
public record PlanStep(String node, String op, String kernel, Precision precision, List<TensorType> outputs) {
    /** In place of a kernel's name where the kernel is chosen anew in each run because shapes depend on data. */
    public static final String AT_RUN_TIME = "chosen at run time";

    public PlanStep {
        outputs = List.copyOf(outputs);
    }
}
