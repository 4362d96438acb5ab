package dev.octet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All rewrites of old operator forms, oldest step first for each operator. Versions that only allow more than before
 * need none.
 */
final class Conversions {
    static final List<Conversion> ALL = Stream.of(
                    BroadcastConversions.ALL,
                    AttributeConversions.ALL,
                    NormalizationConversions.ALL,
                    ResizeConversions.ALL,
                    SoftmaxConversions.ALL)
            .flatMap(List::stream)
            .toList();

    private Conversions() {}

    /** Brings a node to the newest form. */
    static RawNode convert(RawNode node, Rewrite rewrite) {
        RawNode current = node;
        for (Conversion conversion : ALL) {
            if (conversion.opType().equals(current.opType()) && node.opset() < conversion.since()) {
                current = conversion.step().apply(current, rewrite);
                if (!current.opType().equals(node.opType())) {
                    return current;
                }
            }
        }
        return current;
    }

    static List<Conversion> forEach(List<String> opTypes, int since, Conversion.Step step) {
        List<Conversion> conversions = new ArrayList<>();
        opTypes.forEach(opType -> conversions.add(new Conversion(opType, since, step)));
        return conversions;
    }
}
