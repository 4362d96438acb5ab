package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of the shape in input 0, filled with one value. ONNX ConstantOfShape, opset 9.
 *
 * @param value one element; its type is the output's
 */
public record ConstantOfShape(Tensor value) implements Op {
    static final OpType TYPE = OpType.onnx("ConstantOfShape", 9, 9, 1, ConstantOfShape::read);

    public ConstantOfShape {
        if (value.elementCount() != 1) {
            throw ModelException.invalid("attribute value must have one element, is " + value);
        }
    }

    private static ConstantOfShape read(Attributes attributes) {
        return new ConstantOfShape(attributes.has("value") ? attributes.tensor("value") : Tensor.scalar(0));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("value", value.reshape(Shape.of(1))).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(value.dtype());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        return List.of(Extents.shape(in.longs(0)));
    }
}
