package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Writes single elements: a copy of data with updates[i, j, ..] put at the same place but for one axis, whose position is
 * indices[i, j, ..]. Inputs: data, indices, updates. Updates apply in row-major order. ONNX ScatterElements, opset 18.
 */
public record ScatterElements(long axis, ScatterReduction reduction) implements Op {
    static final OpType TYPE = OpType.onnx(
            "ScatterElements", 11, 18, 3, a -> new ScatterElements(a.integer("axis", 0), ScatterReduction.read(a)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("axis", axis)
                .put("reduction", reduction.attribute())
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Extents.requireIndexType("indices", inputs.get(1));
        List<DType> result = Op.super.outputDTypes(inputs, outputCount);
        Extents.requireSameType("updates", inputs.get(2), result.get(0));
        return result;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        GatherElements.requireWithin(in.shape(0), in.shape(1), axis);
        if (!in.shape(1).equals(in.shape(2))) {
            throw ModelException.invalid("indices " + in.shape(1) + " and updates " + in.shape(2) + " differ in shape");
        }
        return List.of(in.shape(0));
    }
}
