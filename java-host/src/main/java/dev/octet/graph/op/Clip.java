package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * {@code min(max(x, low), high)}: inputs x, optional scalar low, optional scalar high of x's type. Where low exceeds high
 * the result is high. ONNX Clip, opset 13.
 */
public record Clip() implements Op {
    static final OpType TYPE = OpType.onnx("Clip", 1, 13, 1, _ -> new Clip()).inputs(1, 3);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        for (int limit = 1; limit <= 2; limit++) {
            if (in.has(limit) && (in.shape(limit).elementCount() != 1 || in.dtype(limit) != in.dtype(0))) {
                throw ModelException.invalid("input " + limit + " must be a scalar of type "
                        + in.dtype(0).label() + ", got " + in.type(limit));
            }
        }
        return List.of(in.shape(0));
    }
}
