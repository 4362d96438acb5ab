package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Divides by the L1 or L2 norm along an axis; zeros stay zeros. ONNX LpNormalization, opset 1.
 *
 * @param p 1 or 2
 */
public record LpNormalization(long axis, long p) implements Op {
    static final OpType TYPE =
            OpType.onnx("LpNormalization", 1, 1, 1, a -> new LpNormalization(a.integer("axis", -1), a.integer("p", 2)));

    public LpNormalization {
        if (p != 1 && p != 2) {
            throw ModelException.invalid("attribute p is " + p + ", must be 1 or 2");
        }
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("axis", axis).put("p", p).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        in.shape(0).axis(axis);
        return List.of(in.shape(0));
    }
}
