package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Folds the Transposes around a product of two computed stacks of matrices into {@link PermutedMatMul}: those of the
 * operands, and the result's if that is all that reads it.
 */
public final class FoldTransposes implements Pass {
    private static final float MAX_MULTIPLIER = 0x1p90f;

    private final Evaluator evaluator;

    public FoldTransposes(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Transpose)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> fold(current, node, shapes));
    }

    private static Optional<Graph> fold(Graph graph, Node node, TrialShapes shapes) {
        int rank = shapes.rank(node.output());
        if (!isPair(graph, node)
                || rank < 3
                || shapes.rank(node.input(0)) != rank
                || shapes.rank(node.input(1)) != rank) {
            return Optional.empty();
        }
        Operand a = operand(graph, node.input(0), rank, true);
        Operand b = operand(graph, node.input(1), rank, false);
        Optional<Node> after = graph.onlyConsumer(node.output())
                .filter(next -> Permutation.of(next)
                        .filter(order -> keepsLast(order) && order.rank() == rank)
                        .isPresent());
        if (!a.isMoved() && !b.isMoved() && after.isEmpty()) {
            return Optional.empty();
        }
        Permutation y = after.flatMap(Permutation::of).orElse(identity(rank));
        Op op = new PermutedMatMul(node.op(), a.order.order(), b.order.order(), y.order());
        GraphEdit edit = new GraphEdit(graph);
        after.ifPresent(edit::remove);
        Node last = after.orElse(node);
        edit.put(new Node(node.name(), op, List.of(a.value, b.value), last.outputs()));
        return Optional.of(edit.apply());
    }

    /** Whether both operands are computed, of types that the folded product knows, and there is nothing else. */
    private static boolean isPair(Graph graph, Node node) {
        if (node.inputs().size() != 2 || graph.isConstant(node.input(0)) || graph.isConstant(node.input(1))) {
            return false;
        }
        return switch (node.op()) {
            case MatMul _ -> graph.dtype(node.output()) == DType.F32;
            case QMatMul product ->
                product.bZeroPoint() == 0 && graph.dtype(node.input(1)) == DType.S8 && canScale(product.epilogue());
            default -> false;
        };
    }

    /** Whether native kernels can: no residual, and no product of a multiplier and an int32 overflows. */
    private static boolean canScale(Epilogue epilogue) {
        float[] multipliers = switch (epilogue) {
            case Epilogue.ToInt8 e -> e.multipliers();
            case Epilogue.ToFloat e -> e.scales();
        };
        boolean fits = !(epilogue instanceof Epilogue.ToInt8 e && e.residual().isPresent());
        for (float multiplier : multipliers) {
            fits &= Math.abs(multiplier) <= MAX_MULTIPLIER;
        }
        return fits;
    }

    /** A value and the order in which a product takes its axes. */
    private record Operand(String value, Permutation order) {
        boolean isMoved() {
            return !order.isIdentity();
        }
    }

    private static Operand operand(Graph graph, String value, int rank, boolean rowsContiguous) {
        return Permutation.producing(graph, value)
                .filter(order -> order.rank() == rank && (!rowsContiguous || keepsLast(order)))
                .map(order -> new Operand(graph.producer(value).orElseThrow().input(0), order))
                .orElseGet(() -> new Operand(value, identity(rank)));
    }

    private static boolean keepsLast(Permutation order) {
        return order.inputAxis(order.rank() - 1) == order.rank() - 1;
    }

    private static Permutation identity(int rank) {
        return new Permutation(IntStream.range(0, rank).toArray());
    }
}
