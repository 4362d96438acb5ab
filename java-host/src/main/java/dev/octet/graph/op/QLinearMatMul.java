package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Quantized matrix product: a, its scale and zero point, b, its scale and zero point, the output's scale and zero point.
 * Scales and zero points are one, one a row of a, or one a column of b. ONNX QLinearMatMul, opset 21.
 */
public record QLinearMatMul() implements Op {
    // The form of set 10: set 21 only added scales of other types.
    static final OpType TYPE = OpType.onnx("QLinearMatMul", 10, 10, 8, _ -> new QLinearMatMul());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(inputs.get(7).orElseThrow());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(QMatMul.productShape(in.shape(0), in.shape(3)));
    }
}
