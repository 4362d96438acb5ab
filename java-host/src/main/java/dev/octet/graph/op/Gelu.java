package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * {@code x/2 * (1 + erf(x / sqrt(2)))}. ONNX Gelu, opset 20.
 *
 * @param tanh use {@code x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))} instead
 */
public record Gelu(boolean tanh) implements Op {
    static final OpType TYPE = OpType.onnx("Gelu", 20, 20, 1, Gelu::read);

    private static Gelu read(Attributes attributes) {
        String approximate = attributes.string("approximate", "none");
        return switch (approximate) {
            case "none" -> new Gelu(false);
            case "tanh" -> new Gelu(true);
            default ->
                throw ModelException.invalid(
                        "attribute approximate has the unknown value " + Names.escape(approximate));
        };
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("approximate", tanh ? "tanh" : "none").build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
