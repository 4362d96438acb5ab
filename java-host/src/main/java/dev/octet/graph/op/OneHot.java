package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Adds an axis of extent depth that is "on" at the index and "off" elsewhere. Inputs: indices (any numeric type), depth
 * (one number), values (off, on). An index outside [-depth, depth) is off everywhere. ONNX OneHot, opset 11.
 *
 * @param axis place of the new axis in the output
 */
public record OneHot(long axis) implements Op {
    static final OpType TYPE = OpType.onnx("OneHot", 9, 11, 3, a -> new OneHot(a.integer("axis", -1)));

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
        return List.of(inputs.get(2).orElseThrow(() -> ModelException.invalid("input 2 is missing")));
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape indices = in.shape(0);
        int along = newAxis(indices.rank());
        long[] depth = in.longs(1);
        Extents.requireLength("depth", depth, 1);
        if (depth[0] < 1) {
            throw ModelException.invalid("depth is " + depth[0] + ", must be positive");
        }
        if (in.shape(2).elementCount() != 2) {
            throw ModelException.invalid("values must have two elements, is " + in.type(2));
        }
        long[] dims = new long[indices.rank() + 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == along ? depth[0] : indices.dim(i < along ? i : i - 1);
        }
        return List.of(Extents.shape(dims));
    }

    /** The place of the new axis for indices of this rank. */
    public int newAxis(int rank) {
        return Extents.axis(axis, rank + 1);
    }
}
