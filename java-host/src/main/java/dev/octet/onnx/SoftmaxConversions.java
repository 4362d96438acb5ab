package dev.octet.onnx;

import dev.octet.graph.Attributes;
import java.util.List;
import java.util.OptionalInt;

/**
 * Until operator set 12 Softmax and its kin flattened their input to a matrix at {@code axis} (default 1) and worked on
 * its rows; since 13 they work along one axis (default -1).
 */
final class SoftmaxConversions {
    static final List<Conversion> ALL =
            Conversions.forEach(List.of("Softmax", "LogSoftmax", "Hardmax"), 13, SoftmaxConversions::flattened);

    private SoftmaxConversions() {}

    private static RawNode flattened(RawNode node, Rewrite rewrite) {
        long axis = node.attributes().integer("axis", 1);
        OptionalInt rank = rewrite.rank(node.input(0));
        boolean last = axis == -1 || (rank.isPresent() && axis == rank.getAsInt() - 1);
        Attributes along = AttributeConversions.integer("axis", -1);
        if (last) {
            return node.withAttributes(along);
        }
        String shape = rewrite.add("Shape", Attributes.NONE, node.input(0));
        String matrix = rewrite.add("Flatten", AttributeConversions.integer("axis", axis), node.input(0));
        String result = rewrite.add(node.opType(), along, matrix);
        return node.as("Reshape", AttributeConversions.integer("allowzero", 1), result, shape);
    }
}
