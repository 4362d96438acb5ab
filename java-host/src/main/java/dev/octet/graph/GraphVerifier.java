package dev.octet.graph;

import dev.octet.tensor.DType;
import java.util.List;

/**
 * Checks what {@link Graph}'s constructor does not: numbers of inputs and outputs, types of inputs, declared types of graph
 * outputs, numbers of axes of weights, and that quantization parameters are usable.
 */
public final class GraphVerifier {
    private GraphVerifier() {}

    /**
     * Verifies a graph.
     *
     * @throws ModelException naming the node or tensor at fault
     */
    public static void verify(Graph graph) {
        for (ValueInfo output : graph.outputs()) {
            DType actual = graph.dtype(output.name());
            if (actual != output.dtype()) {
                throw ModelException.invalid("graph output \"" + Names.escape(output.name()) + "\" is declared "
                        + output.dtype().label() + " but computed as " + actual.label());
            }
        }
        for (Node node : graph.nodes()) {
            try {
                verifyArity(node);
                TypeVerifier.verify(node, graph::dtype);
                ShapeVerifier.verify(graph, node);
                QuantizationVerifier.verify(graph, node);
            } catch (ModelException e) {
                throw e.at(node.describe());
            }
        }
    }

    private static void verifyArity(Node node) {
        OpType type = node.op().type();
        requireCount("inputs", node.inputs(), type.minInputs(), type.maxInputs());
        requireCount("outputs", node.outputs(), type.minOutputs(), type.maxOutputs());
    }

    private static void requireCount(String what, List<String> names, int min, int max) {
        boolean missing = names.size() < min || names.subList(0, min).contains("");
        if (missing || names.size() > max) {
            String expected = min == max ? "" + min : min + " to " + (max == OpType.ANY ? "any number" : "" + max);
            throw ModelException.invalid("has " + names.size() + " " + what
                    + (names.contains("") ? " (some absent)" : "") + ", expected " + expected);
        }
    }
}
