package dev.octet.runtime;

import dev.octet.graph.Node;
import dev.octet.graph.OpInputs;
import dev.octet.graph.TensorType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a kernel is made for.
 *
 * @param inputs types of the inputs and the values known before running (weights, shapes)
 * @param outputs one type an output name
 * @param arena lives as long as the plan
 * @param shared for what depends on the graph's constants and not on shapes: packed weights
 * @param rowStride elements from one row of the only output, along its last axis, to the next, if it is a part of something
 *     larger; the output's tensor then begins at its first row and is no longer than a dense one. Only for kernels that
 *     say they can write so
 * @param channelsLast whether the only output is to be written with its second axis moved to the end, likewise
 */
public record KernelSpec(
        Node node,
        OpInputs inputs,
        List<TensorType> outputs,
        Arena arena,
        SharedWeights shared,
        OptionalLong rowStride,
        boolean channelsLast) {
    /** A kernel whose outputs are dense. */
    public KernelSpec(Node node, OpInputs inputs, List<TensorType> outputs, Arena arena, SharedWeights shared) {
        this(node, inputs, outputs, arena, shared, OptionalLong.empty(), false);
    }

    /** A kernel that shares nothing with others. */
    public KernelSpec(Node node, OpInputs inputs, List<TensorType> outputs, Arena arena) {
        this(node, inputs, outputs, arena, new SharedWeights(arena));
    }

    KernelSpec withOutput(OptionalLong stride, boolean last) {
        return new KernelSpec(node, inputs, outputs, arena, shared, stride, last);
    }
}
