package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Matrix product with NumPy's rules: a [..., M, K], b [..., K, N], leading axes broadcast. ONNX MatMul, opset 13. */
public record MatMul() implements Op {
    static final OpType TYPE = OpType.onnx("MatMul", 1, 13, 2, _ -> new MatMul());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType a = inputs.get(0).orElseThrow();
        DType b = inputs.get(1).orElseThrow();
        if (a != b) {
            throw ModelException.invalid("input types " + a.label() + " and " + b.label() + " differ");
        }
        return List.of(a);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(QMatMul.productShape(in.shape(0), in.shape(1)));
    }
}
