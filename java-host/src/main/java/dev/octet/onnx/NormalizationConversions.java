package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;

/** Normalizations and dropout: what training needs is dropped or refused. */
final class NormalizationConversions {
    static final List<Conversion> ALL = List.of(
            new Conversion("BatchNormalization", Conversion.ALWAYS, NormalizationConversions::batchNormalization),
            new Conversion("Dropout", Conversion.ALWAYS, NormalizationConversions::dropout),
            new Conversion("GroupNormalization", 21, NormalizationConversions::scalePerChannel));

    private static final long BOOLEAN_MASK = 10;

    private NormalizationConversions() {}

    private static RawNode batchNormalization(RawNode node, Rewrite rewrite) {
        if (node.attributes().flag("training_mode", false)) {
            throw ModelException.unsupported("attribute training_mode: only inference is supported");
        }
        if (!node.attributes().flag("spatial", true)) {
            throw ModelException.unsupported("attribute spatial = 0 (statistics per activation) is not supported");
        }
        for (int i = 1; i < node.outputs().size(); i++) {
            if (node.hasOutput(i)) {
                throw ModelException.unsupported("output " + i + " is a training output");
            }
        }
        return node.without("training_mode", "spatial", "is_test", "consumed_inputs", "momentum")
                .withOutputs(node.outputs().stream().limit(1).toArray(String[]::new));
    }

    /** Inference needs neither ratio nor seed. The mask had the data's type before operator set 10. */
    private static RawNode dropout(RawNode node, Rewrite rewrite) {
        if (node.hasInput(2) && !isFalse(node.input(2), rewrite)) {
            if (isTrue(node.input(2), rewrite) && !isZero(node.input(1), rewrite)) {
                throw ModelException.unsupported("input training_mode: only inference is supported");
            }
            return node.without("seed");
        }
        RawNode plain = node.as("Dropout", Attributes.NONE, node.input(0));
        if (!node.hasOutput(1) || node.opset() >= BOOLEAN_MASK) {
            return plain;
        }
        DType dtype = rewrite.dtype(node.input(0)).orElse(DType.F32);
        Tensor one = Tensor.scalar(dtype, 1).reshape(Shape.of(1));
        String shape = rewrite.add("Shape", Attributes.NONE, node.input(0));
        Attributes value = Attributes.builder().put("value", one).build();
        rewrite.addNamed(node.outputs().get(1), "ConstantOfShape", value, shape);
        return plain.withOutputs(node.outputs().get(0));
    }

    private static boolean isTrue(String value, Rewrite rewrite) {
        return rewrite.value(value)
                .filter(tensor -> tensor.elementCount() == 1 && tensor.getLong(0) != 0)
                .isPresent();
    }

    private static boolean isFalse(String value, Rewrite rewrite) {
        return rewrite.value(value)
                .filter(tensor -> tensor.elementCount() == 1 && tensor.getLong(0) == 0)
                .isPresent();
    }

    private static boolean isZero(String ratio, Rewrite rewrite) {
        return rewrite.value(ratio)
                .filter(tensor -> tensor.elementCount() == 1 && tensor.getDouble(0) == 0)
                .isPresent();
    }

    /** Operator set 18 had one scale and bias a group; since 21 there is one a channel. */
    private static RawNode scalePerChannel(RawNode node, Rewrite rewrite) {
        long groups = node.attributes().integer("num_groups");
        String count = rewrite.constant("groups", Tensor.vector(groups));
        Attributes channelAxis =
                Attributes.builder().put("start", 1).put("end", 2).build();
        String channels = rewrite.add("Shape", channelAxis, node.input(0));
        String perGroup = rewrite.add("Div", Attributes.NONE, channels, count);
        String grid = rewrite.add("Concat", AttributeConversions.integer("axis", 0), count, perGroup);
        return node.withInputs(
                node.input(0), spread(node.input(1), grid, rewrite), spread(node.input(2), grid, rewrite));
    }

    private static String spread(String perGroup, String grid, Rewrite rewrite) {
        String column = rewrite.add("Unsqueeze", Attributes.NONE, perGroup, rewrite.constant("axes", Tensor.vector(1)));
        String expanded = rewrite.add("Expand", Attributes.NONE, column, grid);
        return rewrite.add("Reshape", Attributes.NONE, expanded, rewrite.constant("flat", Tensor.vector(-1)));
    }
}
