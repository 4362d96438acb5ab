package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.tensor.Tensor;

/**
 * Bounds what a pass computes of weights: nodes that share one weight would make a copy each, and operators behind one
 * another a copy each time. What is beyond stays in the graph and is computed at run time. Of one application of a pass.
 */
final class FoldingBudget {
    private static final double FREE_ELEMENTS = 1e7;

    /** More than the operators in a row behind any layer that a training framework writes. */
    private static final double ELEMENTS_PER_CONSTANT = 8;

    private double left;

    FoldingBudget(Graph graph) {
        this.left = FREE_ELEMENTS
                + ELEMENTS_PER_CONSTANT
                        * graph.constants().values().stream()
                                .mapToDouble(Tensor::elementCount)
                                .sum();
    }

    /** Whether so many elements may be computed; counts them. */
    boolean take(long elements) {
        if (elements > left) {
            return false;
        }
        left -= elements;
        return true;
    }
}
