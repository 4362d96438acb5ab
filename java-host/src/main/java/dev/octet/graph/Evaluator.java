package dev.octet.graph;

import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Computes one node from known inputs: how constants are folded without this package knowing any kernel. */
public interface Evaluator {
    /**
     * Computes the outputs of a node.
     *
     * @param inputs one entry an input, empty where an optional one is absent
     * @param outputs their types, one an output name
     * @return heap tensors, one an output name
     */
    List<Tensor> evaluate(Node node, List<Optional<Tensor>> inputs, List<TensorType> outputs);
}
