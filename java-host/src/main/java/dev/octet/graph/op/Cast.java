package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.SmallFloat.PowerRounding;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Converts the elements to another type. Floats truncate toward zero to integers; integers keep their low bits. ONNX
 * Cast, opset 25.
 *
 * @param saturate for 8-bit float targets: what is too large becomes the largest finite value
 * @param roundMode for the target {@link DType#F8E8M0}
 */
public record Cast(DType to, boolean saturate, PowerRounding roundMode) implements Op {
    static final OpType TYPE = OpType.onnx("Cast", 1, 13, 1, Cast::read);

    /** What a model must declare where an attribute differs from its default. */
    private static final OpType WITH_OPTIONS = OpType.onnx("Cast", 1, 25, 1, Cast::read);

    /** A cast with the default options. */
    public Cast(DType to) {
        this(to, true, PowerRounding.UP);
    }

    private static Cast read(Attributes attributes) {
        return new Cast(
                TypeCodes.dtype("to", attributes.integer("to")),
                attributes.flag("saturate", true),
                readRoundMode(attributes));
    }

    static PowerRounding readRoundMode(Attributes attributes) {
        String mode = attributes.string("round_mode", "up");
        return Arrays.stream(PowerRounding.values())
                .filter(value -> label(value).equals(mode))
                .findFirst()
                .orElseThrow(() ->
                        ModelException.invalid("attribute round_mode has the unknown value " + Names.escape(mode)));
    }

    static Attributes.Builder writeOptions(Attributes.Builder builder, boolean saturate, PowerRounding roundMode) {
        if (!saturate) {
            builder.put("saturate", false);
        }
        return roundMode == PowerRounding.UP ? builder : builder.put("round_mode", label(roundMode));
    }

    private static String label(PowerRounding mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public OpType type() {
        return saturate && roundMode == PowerRounding.UP ? TYPE : WITH_OPTIONS;
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder().put("to", TypeCodes.code(to));
        return writeOptions(builder, saturate, roundMode).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(to);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
