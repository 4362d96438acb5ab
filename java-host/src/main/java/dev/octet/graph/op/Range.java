package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** The numbers start, start + delta, ... before limit. Inputs: scalars start, limit, delta. ONNX Range, opset 11. */
public record Range() implements Op {
    static final OpType TYPE = OpType.onnx("Range", 11, 11, 3, _ -> new Range());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        List<DType> result = Op.super.outputDTypes(inputs, outputCount);
        Extents.requireSameType("limit", inputs.get(1), result.get(0));
        Extents.requireSameType("delta", inputs.get(2), result.get(0));
        return result;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        for (int i = 0; i < 3; i++) {
            if (in.shape(i).elementCount() != 1) {
                throw ModelException.invalid("input " + i + " must be a scalar, is " + in.type(i));
            }
        }
        return List.of(Extents.shape(count(in.value(0), in.value(1), in.value(2))));
    }

    private static long count(Tensor start, Tensor limit, Tensor delta) {
        if (delta.getDouble(0) == 0) {
            throw ModelException.data("delta 0");
        }
        if (start.dtype().isFloat()) {
            double count = Math.ceil((limit.getDouble(0) - start.getDouble(0)) / delta.getDouble(0));
            if (Double.isNaN(count)) {
                throw ModelException.data("start, limit or delta is not a number");
            }
            return bounded(count, Math.max(0, (long) count));
        }
        BigInteger span = BigInteger.valueOf(limit.getLong(0)).subtract(BigInteger.valueOf(start.getLong(0)));
        BigInteger step = BigInteger.valueOf(delta.getLong(0));
        BigInteger[] parts = span.divideAndRemainder(step);
        boolean partial = parts[1].signum() != 0 && parts[1].signum() == step.signum();
        BigInteger count = parts[0].add(BigInteger.valueOf(partial ? 1 : 0)).max(BigInteger.ZERO);
        return bounded(count.doubleValue(), count.longValue());
    }

    private static long bounded(double approximate, long count) {
        if (approximate > 0x1p62) {
            throw ModelException.limit("the range has " + approximate + " elements");
        }
        return count;
    }
}
