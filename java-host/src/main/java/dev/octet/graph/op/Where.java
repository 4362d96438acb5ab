package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Takes each element from input 1 where input 0, bool, is true and from input 2 elsewhere, with multidirectional
 * broadcasting. ONNX Where, opset 9.
 */
public record Where() implements Op {
    static final OpType TYPE = OpType.onnx("Where", 9, 9, 3, _ -> new Where());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType condition = inputs.get(0).orElseThrow();
        DType a = inputs.get(1).orElseThrow();
        DType b = inputs.get(2).orElseThrow();
        if (condition != DType.BOOL || a != b) {
            throw ModelException.invalid("inputs must be bool and two equal types, got " + condition.label() + ", "
                    + a.label() + " and " + b.label());
        }
        return List.of(a);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0).broadcast(in.shape(1)).broadcast(in.shape(2)));
    }
}
