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
 * Integer matrix product with scales that a run finds: {@code float(sum((a - aZeroPoint) * b)) * (aScale * bScale)} in
 * f32, the sum in int32. Inputs: a u8/s8 [..., M, K], b s8 [K, N], aScale f32 and aZeroPoint of a's type, one element
 * each, bScale f32, one or one a column.
 */
public record MatMulIntegerToFloat() implements Op {
    static final OpType TYPE = OpType.internal("MatMulIntegerToFloat", 5, 5);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, DType.F32);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape y = QMatMul.productShape(in.shape(0), in.shape(1));
        in.requireCount(2, 1);
        in.requireCount(3, 1);
        in.requireCount(4, 1, in.shape(1).dim(-1));
        return List.of(y);
    }
}
