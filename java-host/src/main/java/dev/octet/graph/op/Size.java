package dev.octet.graph.op;

import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.graph.ShapeOnly;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** The number of elements as an int64 scalar. ONNX Size, opset 13. */
public record Size() implements ShapeOnly {
    static final OpType TYPE = OpType.onnx("Size", 1, 13, 1, _ -> new Size());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(DType.S64);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(Shape.SCALAR);
    }

    @Override
    public Tensor fromShapes(List<Shape> inputs) {
        return Tensor.ofLongs(Shape.SCALAR, inputs.get(0).elementCount());
    }
}
