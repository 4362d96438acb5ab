package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;

/** Upsample and the older Resize. Both sampled at {@code floor(x / scale)}: asymmetric coordinates, nearest by floor. */
final class ResizeConversions {
    static final List<Conversion> ALL = List.of(
            new Conversion("Upsample", 7, ResizeConversions::upsampleHeightWidth),
            new Conversion("Upsample", 9, ResizeConversions::upsampleScales),
            new Conversion("Upsample", 10, ResizeConversions::toResize),
            new Conversion("Resize", 11, ResizeConversions::toResize),
            new Conversion("Resize", Conversion.ALWAYS, ResizeConversions::dropEmptyInputs));

    private ResizeConversions() {}

    private static RawNode upsampleHeightWidth(RawNode node, Rewrite rewrite) {
        float[] scales = {
            1, 1, node.attributes().real("height_scale", 1), node.attributes().real("width_scale", 1)
        };
        return node.withAttributes(
                node.copy("height_scale", "width_scale").put("scales", scales).build());
    }

    private static RawNode upsampleScales(RawNode node, Rewrite rewrite) {
        float[] scales = node.attributes().reals("scales");
        String input = rewrite.constant("scales", Tensor.ofFloats(Shape.of(scales.length), scales));
        return node.without("scales").withInputs(node.input(0), input);
    }

    private static RawNode toResize(RawNode node, Rewrite rewrite) {
        String mode = node.attributes().string("mode", "nearest");
        String newMode = switch (mode) {
            case "nearest" -> "nearest";
            case "linear", "bilinear" -> "linear";
            default -> throw ModelException.invalid("attribute mode has the unknown value " + Names.escape(mode));
        };
        Attributes attributes = Attributes.builder()
                .put("mode", newMode)
                .put("coordinate_transformation_mode", "asymmetric")
                .put("nearest_mode", "floor")
                .build();
        return node.as("Resize", attributes, node.input(0), "", node.input(1));
    }

    /** Operator set 11 required every input: those not meant were empty tensors. */
    private static RawNode dropEmptyInputs(RawNode node, Rewrite rewrite) {
        String[] inputs = node.inputs().toArray(String[]::new);
        for (int i = 1; i < inputs.length; i++) {
            boolean empty = rewrite.value(inputs[i])
                    .filter(tensor -> tensor.elementCount() == 0)
                    .isPresent();
            inputs[i] = empty ? "" : inputs[i];
        }
        return node.withInputs(inputs);
    }
}
