package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Inference form: copies its input; the optional second output, bool, is all true. Inputs: data, optional ratio, optional
 * training mode, which only a ratio of zero allows to be true. The seed of training is not kept. ONNX Dropout, opset 13.
 */
public record Dropout() implements Op {
    static final OpType TYPE =
            OpType.onnx("Dropout", 1, 13, 1, _ -> new Dropout()).inputs(1, 3).outputs(1, 2);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType x = inputs.get(0).orElseThrow();
        return outputCount == 1 ? List.of(x) : List.of(x, DType.BOOL);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return Collections.nCopies(in.outputCount(), in.shape(0));
    }
}
