package dev.octet.onnx;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The versions a written model declares.
 *
 * @param opset of ONNX's own domain
 * @param irVersion of the file format: the first whose release had that opset
 */
record OpsetChoice(int opset, int irVersion) {
    /** What every runtime of note has read for years, with per-block quantization and 4-bit integers. */
    static final int MIN_OPSET = 21;

    static OpsetChoice of(Graph graph) {
        int forms = graph.nodes().stream()
                .map(node -> node.op().type())
                .mapToInt(OpType::form)
                .max()
                .orElse(MIN_OPSET);
        int types = values(graph)
                .map(graph::dtype)
                .map(OpsetChoice::opsetOf)
                .max(Comparator.naturalOrder())
                .orElse(MIN_OPSET);
        int opset = Math.max(MIN_OPSET, Math.max(forms, types));
        return new OpsetChoice(opset, irVersion(opset));
    }

    private static Stream<String> values(Graph graph) {
        Stream<String> computed = graph.nodes().stream().map(Node::outputs).flatMap(outputs -> outputs.stream());
        return Stream.concat(graph.constants().keySet().stream(), computed).filter(value -> !value.isEmpty());
    }

    private static int opsetOf(DType dtype) {
        return switch (dtype) {
            case U2, S2 -> 25;
            case F8E8M0 -> 24;
            case F4E2M1 -> 23;
            default -> MIN_OPSET;
        };
    }

    private static int irVersion(int opset) {
        return switch (opset) {
            case 21, 22 -> 10;
            case 23 -> 11;
            case 24 -> 12;
            default -> 13;
        };
    }
}
