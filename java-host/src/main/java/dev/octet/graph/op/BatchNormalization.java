package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * {@code (x - mean) / sqrt(variance + epsilon) * scale + bias} with given statistics: inputs x [N, C, spatial...], scale,
 * bias, mean and variance [C]. The inference form of ONNX BatchNormalization, opset 15.
 */
public record BatchNormalization(float epsilon) implements Op {
    static final OpType TYPE = OpType.onnx("BatchNormalization", 1, 15, 5, BatchNormalization::read);

    private static BatchNormalization read(Attributes attributes) {
        if (attributes.flag("training_mode", false)) {
            throw ModelException.unsupported("attribute training_mode: only inference is supported");
        }
        return new BatchNormalization(attributes.real("epsilon", 1e-5f));
    }

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
        return List.of(Channels.requireParameters(in, 1, 4));
    }
}
