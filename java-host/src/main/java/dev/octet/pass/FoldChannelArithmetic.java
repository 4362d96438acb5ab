package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import java.util.Optional;

/**
 * Folds Add, Sub, Mul and Div by a constant, one value a channel or one for all, into the weight and bias of the Conv,
 * ConvTranspose or Gemm before it. A MatMul takes a scale only: it has no bias, and MatMul with Add is how one is
 * written.
 */
public final class FoldChannelArithmetic implements Pass {
    @Override
    public Graph apply(Graph graph) {
        FoldingBudget budget = FoldingBudget.ofElements(graph);
        return Rewriting.everywhere(graph, (current, node) -> fold(current, node, budget));
    }

    private static Optional<Graph> fold(Graph graph, Node linear, FoldingBudget budget) {
        Optional<Node> follower = Operators.isLinear(linear) ? graph.onlyConsumer(linear.output()) : Optional.empty();
        if (follower.isEmpty() || graph.dtype(linear.output()) != DType.F32) {
            return Optional.empty();
        }
        Optional<LinearWeights> weights = LinearWeights.of(graph, linear);
        if (weights.isEmpty()) {
            return Optional.empty();
        }
        // A MatMul's output may have any rank: only a vector is sure to lie along its columns and to add no axis.
        int weightRank = graph.constant(linear.input(1)).orElseThrow().shape().rank();
        int rank = Operators.is(linear, "MatMul") ? 1 : weightRank;
        int axis = Operators.is(linear, "Conv", "ConvTranspose") ? 1 : rank - 1;
        Optional<Affine> affine = Affine.ofArithmetic(graph, follower.get(), linear.output(), rank, axis)
                .filter(a -> weights.get().takesBias() || !a.hasShift())
                .filter(a -> fits(a, weights.get().channels()));
        if (affine.isEmpty() || !budget.take(weights.get().elementCount())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        weights.get().foldBehind(edit, follower.get(), affine.get());
        return Optional.of(edit.apply());
    }

    private static boolean fits(Affine affine, int channels) {
        int count = Math.max(affine.scale().length, affine.shift().length);
        return count == 1 || count == channels;
    }
}
