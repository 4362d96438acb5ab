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
 * Takes single elements: output[i, j, ..] is data at the same place but for one axis, whose position is indices[i, j,
 * ..]. Both inputs have the same rank. ONNX GatherElements, opset 13.
 */
public record GatherElements(long axis) implements Op {
    static final OpType TYPE = OpType.onnx("GatherElements", 11, 13, 2, a -> new GatherElements(a.integer("axis", 0)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("axis", axis).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Extents.requireIndexType("indices", inputs.get(1));
        return Op.super.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        requireWithin(in.shape(0), in.shape(1), axis);
        return List.of(in.shape(1));
    }

    /** Checks that indices have the data's rank and, but on the axis, no larger extents. */
    static void requireWithin(Shape data, Shape indices, long axis) {
        int along = Extents.axis(axis, data.rank());
        boolean fits = indices.rank() == data.rank();
        for (int i = 0; fits && i < data.rank(); i++) {
            fits = i == along || indices.dim(i) <= data.dim(i);
        }
        if (!fits) {
            throw ModelException.invalid("indices " + indices + " do not fit data " + data + " along axis " + along);
        }
    }
}
