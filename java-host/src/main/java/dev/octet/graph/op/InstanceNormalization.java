package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Normalizes each channel of each sample to mean 0 and variance 1 over its spatial axes, then scales: inputs x
 * [N, C, spatial...], scale [C], bias [C]. ONNX InstanceNormalization, opset 6.
 */
public record InstanceNormalization(float epsilon) implements Op {
    static final OpType TYPE =
            OpType.onnx("InstanceNormalization", 1, 6, 3, a -> new InstanceNormalization(a.real("epsilon", 1e-5f)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("epsilon", epsilon).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(Channels.requireParameters(in, 1, 2));
    }
}
