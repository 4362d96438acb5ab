package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Positions of the elements that are not 0, as s64 [rank, count] in row-major order. ONNX NonZero, opset 13. */
public record NonZero() implements Op {
    static final OpType TYPE = OpType.onnx("NonZero", 9, 13, 1, _ -> new NonZero());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(DType.S64);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Tensor x = in.value(0);
        long count = 0;
        for (long i = 0; i < x.elementCount(); i++) {
            count += x.getDouble(i) != 0 ? 1 : 0;
        }
        return List.of(Shape.of(x.shape().rank(), count));
    }
}
