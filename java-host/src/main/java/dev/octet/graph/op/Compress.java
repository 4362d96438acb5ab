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
 * Keeps the slices of input 0 whose entry in the bool vector, input 1, is true. A vector shorter than the axis drops the
 * rest. ONNX Compress, opset 11.
 *
 * @param axis the axis the slices are counted along; empty to keep single elements of the flattened input
 */
public record Compress(Optional<Long> axis) implements Op {
    static final OpType TYPE = OpType.onnx(
            "Compress", 9, 11, 2, a -> new Compress(a.has("axis") ? Optional.of(a.integer("axis")) : Optional.empty()));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return axis.map(value -> Attributes.builder().put("axis", value).build())
                .orElse(Attributes.NONE);
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Extents.requireSameType("condition", inputs.get(1), DType.BOOL);
        return Op.super.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape view = view(in.shape(0));
        int along = along(in.shape(0));
        if (in.shape(1).rank() != 1 || in.shape(1).dim(0) > view.dim(along)) {
            throw ModelException.invalid("condition " + in.shape(1) + " does not fit axis " + along + " of " + view);
        }
        Tensor condition = in.value(1);
        long[] dims = view.dims();
        dims[along] = 0;
        for (long i = 0; i < condition.elementCount(); i++) {
            dims[along] += condition.getLong(i);
        }
        return List.of(Shape.of(dims));
    }

    /** The input as the operator sees it: flat if no axis is given. */
    public Shape view(Shape input) {
        return axis.isPresent() ? input : Shape.of(input.elementCount());
    }

    /** The axis of {@link #view} that slices are counted along. */
    public int along(Shape input) {
        return axis.map(value -> Extents.axis(value, input.rank())).orElse(0);
    }
}
