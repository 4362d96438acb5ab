package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Normalizes groups of neighbouring channels of each sample to mean 0 and variance 1, then scales: inputs x
 * [N, C, spatial...], scale [C], bias [C]. ONNX GroupNormalization, opset 21.
 *
 * @param groups divides C
 */
public record GroupNormalization(long groups, float epsilon) implements Op {
    static final OpType TYPE = OpType.onnx(
            "GroupNormalization",
            18,
            21,
            3,
            a -> new GroupNormalization(a.integer("num_groups"), a.real("epsilon", 1e-5f)));

    public GroupNormalization {
        if (groups < 1) {
            throw ModelException.invalid("attribute num_groups is " + groups + ", must be positive");
        }
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("num_groups", groups)
                .put("epsilon", epsilon)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = Channels.requireParameters(in, 1, 2);
        if (x.dim(1) % groups != 0) {
            throw ModelException.invalid(x.dim(1) + " channels do not divide into " + groups + " groups");
        }
        return List.of(x);
    }
}
