package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * The same elements as a matrix. ONNX Flatten, opset 13.
 *
 * @param axis first axis that goes into the columns, in [-rank, rank]
 */
public record Flatten(long axis) implements Op {
    static final OpType TYPE = OpType.onnx("Flatten", 1, 13, 1, a -> new Flatten(a.integer("axis", 1)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("axis", axis).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        int rank = x.rank();
        if (axis < -rank || axis > rank) {
            throw ModelException.invalid("axis " + axis + " is outside [" + -rank + ", " + rank + "]");
        }
        int split = (int) (axis < 0 ? axis + rank : axis);
        return List.of(Extents.shape(x.product(0, split), x.product(split, rank)));
    }
}
