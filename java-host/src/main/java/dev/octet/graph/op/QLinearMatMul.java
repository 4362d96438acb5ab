package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Quantized matrix product: a, its scale and zero point, b, its scale and zero point, the output's scale and zero point.
 * Scales and zero points are one, one a row of a, or one a column of b. ONNX QLinearMatMul, opset 21.
 */
public record QLinearMatMul() implements Op {
    // The form of set 10: set 21 only added scales of other types.
    static final OpType TYPE = OpType.onnx("QLinearMatMul", 10, 10, 8, _ -> new QLinearMatMul());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(inputs.get(7).orElseThrow());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape a = in.shape(0);
        Shape b = in.shape(3);
        Shape output = QMatMul.productShape(a, b);
        QMatMul.requireRows(in, 1, a);
        QMatMul.requireRows(in, 2, a);
        QMatMul.requireColumns(in, 4, b);
        QMatMul.requireColumns(in, 5, b);
        long rows = a.rank() > 1 ? a.dim(-2) : 1;
        long columns = b.rank() > 1 ? b.dim(-1) : 1;
        long allRows = columns == 0 ? rows : output.elementCount() / columns;
        in.requireCount(6, 1, rows, allRows);
        in.requireCount(7, 1, rows, allRows);
        return List.of(output);
    }
}
