package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Until operator set 6 elementwise operators broadcast only with attribute {@code broadcast}, the second input aligned
 * at {@code axis} of the first; since 7 shapes are aligned at the end, as in NumPy.
 */
final class BroadcastConversions {
    static final List<Conversion> ALL = Stream.of(
                    Conversions.forEach(
                            List.of("Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Greater", "Less"),
                            7,
                            BroadcastConversions::alignAtAxis),
                    List.of(
                            new Conversion("PRelu", 7, BroadcastConversions::alignSlope),
                            new Conversion("Gemm", 7, (node, _) -> node.without("broadcast"))))
            .flatMap(List::stream)
            .toList();

    private BroadcastConversions() {}

    private static RawNode alignAtAxis(RawNode node, Rewrite rewrite) {
        boolean aligned =
                node.attributes().flag("broadcast", false) && node.attributes().has("axis");
        RawNode plain = node.without("broadcast", "axis", "consumed_inputs");
        if (!aligned) {
            return plain;
        }
        int rank = rank(node, 0, rewrite);
        int rankB = rank(node, 1, rewrite);
        long axis = node.attributes().integer("axis");
        long from = axis < 0 ? axis + rank : axis;
        long missing = rank - from - rankB;
        if (from < 0 || missing < 0) {
            throw ModelException.invalid(
                    "attribute axis " + axis + " does not fit inputs of ranks " + rank + " and " + rankB);
        }
        return missing == 0
                ? plain
                : plain.withInputs(node.input(0), appendOnes(node.input(1), rankB, missing, rewrite));
    }

    private static RawNode alignSlope(RawNode node, Rewrite rewrite) {
        RawNode plain = node.without("consumed_inputs");
        if (rewrite.rank(node.input(1)).orElse(0) != 1) {
            return plain;
        }
        int missing = rank(node, 0, rewrite) - 2;
        return missing <= 0 ? plain : plain.withInputs(node.input(0), appendOnes(node.input(1), 1, missing, rewrite));
    }

    private static int rank(RawNode node, int input, Rewrite rewrite) {
        return rewrite.rank(node.input(input))
                .orElseThrow(() -> ModelException.unsupported(
                        "broadcasting along an axis (before operator set 7) needs the rank of input " + input));
    }

    private static String appendOnes(String value, int rank, long count, Rewrite rewrite) {
        long[] axes = LongStream.range(rank, rank + count).toArray();
        return rewrite.add("Unsqueeze", Attributes.NONE, value, rewrite.constant("axes", Tensor.vector(axes)));
    }
}
