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
import java.util.stream.Stream;

/**
 * {@link LayerNormalization} of a sum over the last axis. Inputs, all f32: x [..., N], scale [N], bias [N], optional
 * residual of x's shape, which is added to x. Outputs: y f32 if it is real, then y quantized if there is a target.
 *
 * @param real whether y itself is an output
 * @param target how y is quantized, to 8 bits
 */
public record SumLayerNorm(float epsilon, boolean real, Optional<QuantParams.PerTensor> target) implements Op {
    static final OpType TYPE = OpType.internal("SumLayerNorm", 3, 4).outputs(1, 2);

    public SumLayerNorm {
        if (!real && target.isEmpty()) {
            throw new IllegalArgumentException("a SumLayerNorm needs an output");
        }
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Stream.concat(
                        real ? Stream.of(DType.F32) : Stream.empty(),
                        target.stream().map(QuantParams.PerTensor::dtype))
                .limit(outputCount)
                .toList();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        in.requireCount(1, x.dim(-1));
        in.requireCount(2, x.dim(-1));
        if (in.has(3) && !in.shape(3).equals(x)) {
            throw ModelException.invalid("a residual " + in.shape(3) + " does not fit " + x);
        }
        return Collections.nCopies(in.outputCount(), x);
    }
}
