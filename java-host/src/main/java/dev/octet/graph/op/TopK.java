package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The k (input 1) largest or smallest elements along an axis and their positions. Of equal elements the one with the
 * lower index comes first; NaN counts as the largest. ONNX TopK, opset 11.
 *
 * @param sorted whether the caller relies on the order; the result is always sorted
 */
public record TopK(long axis, boolean largest, boolean sorted) implements Op {
    static final OpType TYPE = OpType.onnx(
                    "TopK",
                    1,
                    11,
                    2,
                    a -> new TopK(a.integer("axis", -1), a.flag("largest", true), a.flag("sorted", true)))
            .outputs(1, 2);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("axis", axis)
                .put("largest", largest)
                .put("sorted", sorted)
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType values = Op.super.outputDTypes(inputs, 1).get(0);
        return List.of(values, DType.S64).subList(0, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape x = in.shape(0);
        int along = Extents.axis(axis, x.rank());
        long[] k = in.longs(1);
        Extents.requireLength("k", k, 1);
        if (k[0] < 0 || k[0] > x.dim(along)) {
            throw ModelException.invalid("k is " + k[0] + " but axis " + along + " of " + x + " has " + x.dim(along));
        }
        long[] dims = x.dims();
        dims[along] = k[0];
        return Collections.nCopies(in.outputCount(), Shape.of(dims));
    }
}
