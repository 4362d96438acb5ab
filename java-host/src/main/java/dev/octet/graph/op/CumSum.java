package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Running sums along the axis given by input 1, a scalar. ONNX CumSum, opset 14.
 *
 * @param exclusive an element is not part of its own sum
 * @param reverse sums run from the end
 */
public record CumSum(boolean exclusive, boolean reverse) implements Op {
    static final OpType TYPE =
            OpType.onnx("CumSum", 11, 14, 2, a -> new CumSum(a.flag("exclusive", false), a.flag("reverse", false)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("exclusive", exclusive)
                .put("reverse", reverse)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        if (in.shape(1).elementCount() != 1) {
            throw ModelException.invalid("the axis must be a scalar, got " + in.type(1));
        }
        return List.of(in.shape(0));
    }
}
