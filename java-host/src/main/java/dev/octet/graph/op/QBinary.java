package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Sum or product of two 8-bit tensors with broadcasting, requantized. Sum:
 * {@code clamp(rint(float(a - aZeroPoint) * aMultiplier + float(b - bZeroPoint) * bMultiplier) + zeroPoint, qmin, qmax)}
 * with multipliers {@code scale / outputScale}; product: {@code float((a - aZeroPoint) * (b - bZeroPoint)) *
 * aMultiplier} rounded likewise, with {@code aMultiplier = (aScale * bScale) / outputScale} and bMultiplier unused.
 *
 * @param function ADD or MUL
 */
public record QBinary(
        BinaryFunction function,
        int aZeroPoint,
        float aMultiplier,
        int bZeroPoint,
        float bMultiplier,
        DType dtype,
        int zeroPoint,
        int qmin,
        int qmax)
        implements Op {
    static final OpType TYPE = OpType.internal("QBinary", 2, 2);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("function", function.name()).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, dtype);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0).broadcast(in.shape(1)));
    }
}
