package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Remainder of a division with multidirectional broadcasting. ONNX Mod, opset 13.
 *
 * @param fmod the remainder has the sign of the dividend, as C's {@code fmod}; else of the divisor, as in Python
 */
public record Mod(boolean fmod) implements Op {
    static final OpType TYPE = OpType.onnx("Mod", 10, 13, 2, a -> new Mod(a.flag("fmod", false)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("fmod", fmod).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0).broadcast(in.shape(1)));
    }
}
