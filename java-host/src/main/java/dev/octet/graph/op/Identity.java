package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/** Copies its input. ONNX Identity, opset 1. */
public record Identity() implements Op {
    static final OpType TYPE = OpType.onnx("Identity", 1, 13, 1, _ -> new Identity());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
