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
 * Integer matrix product {@code sum((a - aZeroPoint) * (b - bZeroPoint))} in int32: a, b u8/s8 as in {@link MatMul},
 * optional zero points: one, one a row of a, one a column of b, or one a row or column of each matrix of a batch. ONNX
 * MatMulInteger, opset 10.
 */
public record MatMulInteger() implements Op {
    static final OpType TYPE =
            OpType.onnx("MatMulInteger", 10, 10, 2, _ -> new MatMulInteger()).inputs(2, 4);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, DType.S32);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape output = QMatMul.productShape(in.shape(0), in.shape(1));
        QMatMul.requireRows(in, 2, in.shape(0));
        QMatMul.requireColumns(in, 3, in.shape(1));
        return List.of(output);
    }
}
