package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * {@code x / sqrt(mean(x^2) + epsilon) * scale} with the mean over the axes from {@code axis} on; scale broadcasts to x
 * and gives the output its type. ONNX RMSNormalization, opset 23.
 *
 * @param stashType the type ONNX computes in; kept for writing, {@code x} is normalized in fp64
 */
public record RmsNormalization(long axis, float epsilon, DType stashType) implements Op {
    static final OpType TYPE = OpType.onnx("RMSNormalization", 23, 23, 2, RmsNormalization::read);

    private static RmsNormalization read(Attributes attributes) {
        return new RmsNormalization(
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
        return List.of(inputs.get(1).orElseThrow());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        x.axis(axis);
        if (!x.broadcast(in.shape(1)).equals(x)) {
            throw ModelException.invalid("scale " + in.shape(1) + " does not broadcast to " + x);
        }
        return List.of(x);
    }
}
