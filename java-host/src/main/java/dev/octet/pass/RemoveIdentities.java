package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Identity;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Removes nodes that pass their first input on unchanged: Identity, Dropout in inference, and Cast, Transpose, Reshape,
 * Pad, Concat, Sum, Max, Min that change nothing; and a Cast to a wider float type and back. An Identity that gives a graph input or constant, or one result twice,
 * the name of a graph output stays.
 */
public final class RemoveIdentities implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, RemoveIdentities::remove);
    }

    private static Optional<Graph> remove(Graph graph, Node node) {
        Optional<String> source = passesOn(graph, node) ? Optional.of(node.input(0)) : beforeWidening(graph, node);
        if (source.isEmpty()) {
            return Optional.empty();
        }
        boolean needed = graph.isOutput(node.output())
                && (graph.producer(source.get()).isEmpty() || graph.isOutput(source.get()));
        if (needed && node.op() instanceof Identity) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        edit.replaceUses(node.output(), source.get());
        return Optional.of(edit.apply());
    }

    /** What a Cast to f16 or bf16 gives back if its input was made of it by a Cast to f32, which keeps every value. */
    private static Optional<String> beforeWidening(Graph graph, Node node) {
        DType type = graph.dtype(node.output());
        if (!Operators.is(node, "Cast")
                || (type != DType.F16 && type != DType.BF16)
                || graph.dtype(node.input(0)) != DType.F32) {
            return Optional.empty();
        }
        return graph.producer(node.input(0))
                .filter(widening -> Operators.is(widening, "Cast") && graph.dtype(widening.input(0)) == type)
                .map(widening -> widening.input(0));
    }

    private static boolean passesOn(Graph graph, Node node) {
        return switch (node.op().type().name()) {
            case "Identity" -> true;
            case "Dropout" -> isInference(graph, node);
            case "Cast" -> graph.dtype(node.input(0)) == graph.dtype(node.output());
            case "Transpose" -> isAscending(node.op().attributes().integersOrEmpty("perm"));
            case "Reshape" ->
                isAllZero(graph, node.input(1)) && !node.op().attributes().flag("allowzero", false);
            case "Pad" -> isAllZero(graph, node.input(1));
            case "Concat", "Sum", "Max", "Min" -> node.inputs().size() == 1;
            default -> false;
        };
    }

    private static boolean isInference(Graph graph, Node node) {
        boolean training = node.hasInput(2)
                && graph.constant(node.input(2))
                        .map(flag -> flag.getLong(0) != 0)
                        .orElse(true);
        boolean maskUsed = node.outputs().size() > 1
                && !node.outputs().get(1).isEmpty()
                && (graph.isOutput(node.outputs().get(1))
                        || !graph.consumers(node.outputs().get(1)).isEmpty());
        return !training && !maskUsed;
    }

    private static boolean isAscending(long[] perm) {
        for (int i = 0; i < perm.length; i++) {
            if (perm[i] != i) {
                return false;
            }
        }
        return perm.length > 0;
    }

    /** Zeros in a Reshape's shape keep an extent; zeros in Pad's pads add nothing. */
    private static boolean isAllZero(Graph graph, String value) {
        return graph.constant(value)
                .map(Tensor::toLongs)
                .map(values -> Arrays.stream(values).allMatch(v -> v == 0))
                .orElse(false);
    }
}
