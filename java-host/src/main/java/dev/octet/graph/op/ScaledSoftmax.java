package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The weights of an attention: {@code softmax(x * factor + mask)} over the last axis, quantized if so wanted. Inputs: x
 * f32, optional mask f32 that broadcasts to x and has its last extent.
 *
 * @param target how the output is quantized, to 8 bits; empty for f32
 */
public record ScaledSoftmax(float factor, Optional<QuantParams.PerTensor> target) implements Op {
    static final OpType TYPE = OpType.internal("ScaledSoftmax", 1, 2);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(
                outputCount, target.map(QuantParams.PerTensor::dtype).orElse(DType.F32));
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        if (in.has(1)) {
            Shape mask = in.shape(1);
            if (mask.rank() == 0
                    || mask.dim(-1) != x.dim(-1)
                    || !x.broadcast(mask).equals(x)) {
                throw ModelException.invalid("a mask " + mask + " does not fit " + x);
            }
        }
        return List.of(x);
    }
}
