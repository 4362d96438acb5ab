package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.tensor.Tensor;

/**
 * Bounds what one application of a pass computes of constants: nodes that share one weight would make a copy each, and
 * operators behind one another a copy each time. What is beyond stays in the graph and is computed at run time, where it
 * is counted too.
 */
final class FoldingBudget {
    /** Elements of new weights; more than the operators in a row behind any layer that a training framework writes. */
    private static final double FREE_ELEMENTS = 1e7;

    private static final double ELEMENTS_PER_CONSTANT = 8;

    /** Operations: about a second. */
    private static final double FREE_OPERATIONS = 1e9;

    private static final double OPERATIONS_PER_CONSTANT = 16;

    private double left;

    private FoldingBudget(Graph graph, double free, double perConstant) {
        this.left = free
                + perConstant
                        * graph.constants().values().stream()
                                .mapToDouble(Tensor::elementCount)
                                .sum();
    }

    /** Counts the elements of weights that are made. */
    static FoldingBudget ofElements(Graph graph) {
        return new FoldingBudget(graph, FREE_ELEMENTS, ELEMENTS_PER_CONSTANT);
    }

    /** Counts operations as {@link dev.octet.graph.op.Effort} does. */
    static FoldingBudget ofOperations(Graph graph) {
        return new FoldingBudget(graph, FREE_OPERATIONS, OPERATIONS_PER_CONSTANT);
    }

    /** Whether so much may be computed; counts it. */
    boolean take(double amount) {
        if (amount > left) {
            return false;
        }
        left -= amount;
        return true;
    }
}
