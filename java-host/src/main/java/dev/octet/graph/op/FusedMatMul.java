package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Float product with a matrix and what follows it: {@code clamp(a * b + bias + residual, min, max)}. Inputs, all f32: a
 * [..., K], b [K, N], optional bias [N], optional residual of the output's shape (input 3).
 */
public record FusedMatMul(float min, float max) implements Op {
    static final OpType TYPE = OpType.internal("FusedMatMul", 2, 4);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape y = QMatMul.productShape(in.shape(0), in.shape(1));
        in.requireCount(2, in.shape(1).dim(-1));
        in.requireCount(3, y.elementCount());
        return List.of(y);
    }
}
