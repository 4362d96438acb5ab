package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Keeps the upper or lower triangle of each matrix and sets the rest to 0; input 1, 0 if absent, moves the diagonal to
 * the right. ONNX Trilu, opset 14.
 */
public record Trilu(boolean upper) implements Op {
    static final OpType TYPE = OpType.onnx("Trilu", 14, 14, 1, a -> new Trilu(a.flag("upper", true)))
            .inputs(1, 2);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("upper", upper).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        if (in.shape(0).rank() < 2) {
            throw ModelException.invalid("input " + in.shape(0) + " must have at least two axes");
        }
        if (in.has(1) && in.shape(1).elementCount() != 1) {
            throw ModelException.invalid("k must have one element, is " + in.type(1));
        }
        return List.of(in.shape(0));
    }
}
