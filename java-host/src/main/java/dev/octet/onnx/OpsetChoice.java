package dev.octet.onnx;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Range;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;

/**
 * The versions a written model declares.
 *
 * @param opset of ONNX's own domain
 * @param irVersion of the file format: the first whose release had that opset
 */
record OpsetChoice(int opset, int irVersion) {
    /** What every runtime of note has read for years, with per-block quantization and 4-bit integers. */
    static final int MIN_OPSET = 21;

    /** Since when Range counts in 16-bit floats. */
    private static final int HALF_RANGE = 27;

    static OpsetChoice of(Graph graph) {
        int opset = MIN_OPSET;
        for (Node node : graph.nodes()) {
            opset = Math.max(opset, node.op().type().form());
            for (String output : node.outputs()) {
                if (!output.isEmpty()) {
                    opset = Math.max(opset, opsetOf(node.op(), graph.dtype(output)));
                }
            }
        }
        for (ValueInfo input : graph.inputs()) {
            opset = Math.max(opset, opsetOf(input.dtype()));
        }
        for (Tensor constant : graph.constants().values()) {
            opset = Math.max(opset, opsetOf(constant.dtype()));
        }
        return new OpsetChoice(opset, irVersion(opset));
    }

    private static int opsetOf(Op op, DType result) {
        boolean halfRange = op instanceof Range && (result == DType.F16 || result == DType.BF16);
        return halfRange ? HALF_RANGE : opsetOf(result);
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
