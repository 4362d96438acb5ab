package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * {@code x / (bias + alpha / size * s)^beta} where s sums the squares of {@code size} channels around the element's own,
 * {@code floor((size - 1) / 2)} of them before it. ONNX LRN, opset 13.
 */
public record LocalResponseNormalization(long size, float alpha, float beta, float bias) implements Op {
    static final OpType TYPE = OpType.onnx("LRN", 1, 13, 1, LocalResponseNormalization::read);

    public LocalResponseNormalization {
        if (size < 1) {
            throw ModelException.invalid("attribute size is " + size + ", must be positive");
        }
    }

    private static LocalResponseNormalization read(Attributes attributes) {
        return new LocalResponseNormalization(
                attributes.integer("size"),
                attributes.real("alpha", 1e-4f),
                attributes.real("beta", 0.75f),
                attributes.real("bias", 1));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("size", size)
                .put("alpha", alpha)
                .put("beta", beta)
                .put("bias", bias)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(Channels.requireParameters(in, 1, 0));
    }
}
