package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.Pad;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Operators that only move, repeat or select elements: quantizing with one scale before them or after them is the same.
 * MaxPool is one because a positive scale keeps the order.
 */
final class Commuting {
    private static final Set<String> SINGLE_INPUT = Set.of(
            "DepthToSpace",
            "Expand",
            "Flatten",
            "Gather",
            "Identity",
            "MaxPool",
            "Reshape",
            "Slice",
            "SpaceToDepth",
            "Split",
            "Squeeze",
            "Tile",
            "Transpose",
            "Unsqueeze");

    /** The index of the input that holds what a Pad adds. */
    static final int PAD_VALUE = 2;

    private Commuting() {}

    /** Whether a node hands on elements of {@link #data} and nothing else but zeros. */
    static boolean is(Graph graph, Node node) {
        if (!node.op().type().domain().isEmpty()) {
            return false;
        }
        String name = node.op().type().name();
        boolean indices = node.outputs().size() > 1 && !name.equals("Split");
        boolean nearest = name.equals("Resize")
                && node.op().attributes().string("mode", "nearest").equals("nearest")
                && !node.op()
                        .attributes()
                        .string("coordinate_transformation_mode", "half_pixel")
                        .equals("tf_crop_and_resize");
        return !indices && (SINGLE_INPUT.contains(name) || nearest || name.equals("Concat") || padsZeros(graph, node));
    }

    /** Whether a Pad adds real zeros, which every zero point stands for, or repeats elements. */
    private static boolean padsZeros(Graph graph, Node node) {
        return node.op() instanceof Pad(Pad.Mode mode)
                && (mode != Pad.Mode.CONSTANT
                        || !node.hasInput(PAD_VALUE)
                        || graph.constant(node.input(PAD_VALUE))
                                .filter(value -> value.getFloat(0) == 0)
                                .isPresent());
    }

    /** The indices of the inputs that hold elements; the others hold shapes, axes and indices. */
    static List<Integer> data(Node node) {
        int count = Operators.is(node, "Concat") ? node.inputs().size() : 1;
        return IntStream.range(0, count).boxed().toList();
    }
}
