package dev.octet.runtime;

import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.TensorType;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * What a kernel is made for.
 *
 * @param inputs types of the inputs and the values known before running (weights, shapes)
 * @param outputs one type an output name
 * @param arena lives as long as the plan
 * @param shared for what depends on the graph's constants and not on shapes: packed weights
 */
public record KernelSpec(Node node, OpInputs inputs, List<TensorType> outputs, Arena arena, SharedWeights shared) {
    /** A kernel that shares nothing with others. */
    public KernelSpec(Node node, OpInputs inputs, List<TensorType> outputs, Arena arena) {
        this(node, inputs, outputs, arena, new SharedWeights(arena));
    }
}
