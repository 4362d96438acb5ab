package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code (x - mean) / sqrt(variance + epsilon) * scale + bias} with mean and variance over the axes from {@code axis} on.
 * Inputs: x, scale, optional bias, both broadcast to x; scale gives y its type. Outputs: y, optional mean and inverse standard deviation with
 * extent 1 on the normalized axes. ONNX LayerNormalization, opset 17; ONNX Runtime had it before, under any opset and
 * with x of another type than scale.
 *
 * @param stashType the type of mean and inverse standard deviation
 */
public record LayerNormalization(long axis, float epsilon, DType stashType) implements Op {
    static final OpType TYPE = OpType.onnx("LayerNormalization", 1, 17, 2, LayerNormalization::read)
            .inputs(2, 3)
            .outputs(1, 3);

    private static LayerNormalization read(Attributes attributes) {
        return new LayerNormalization(
                attributes.integer("axis", -1),
                attributes.real("epsilon", 1e-5f),
                TypeCodes.dtype("stash_type", attributes.integer("stash_type", 1)));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("axis", axis)
                .put("epsilon", epsilon)
                .put("stash_type", TypeCodes.code(stashType))
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType scale = inputs.get(1).orElseThrow();
        return List.of(scale, stashType, stashType).subList(0, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        for (int i = 1; i < in.count(); i++) {
            if (in.has(i) && !x.broadcast(in.shape(i)).equals(x)) {
                throw ModelException.invalid("input " + i + " " + in.shape(i) + " does not broadcast to " + x);
            }
        }
        long[] dims = x.dims();
        Arrays.fill(dims, x.axis(axis), dims.length, 1);
        Shape statistics = Shape.of(dims);
        return List.of(x, statistics, statistics).subList(0, in.outputCount());
    }
}
