package dev.octet.pass;

import dev.octet.graph.Attributes;
import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import java.util.Arrays;
import java.util.Optional;

/**
 * Folds BatchNormalization with constant statistics into the weights of the Conv, ConvTranspose, Gemm or MatMul before
 * it, else of the Conv, Gemm or MatMul behind it. Behind, a padded Conv is left alone unless the shift is zero: padding
 * puts zeros where the normalization would have put its shift. One with neither neighbour stays.
 */
public final class FoldBatchNorm implements Pass {
    private final Evaluator evaluator;

    public FoldBatchNorm(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> Operators.is(node, "BatchNormalization"))) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        FoldingBudget budget = FoldingBudget.ofElements(graph);
        return Rewriting.everywhere(graph, (current, node) -> fold(current, node, shapes, budget));
    }

    private static Optional<Graph> fold(Graph graph, Node norm, TrialShapes shapes, FoldingBudget budget) {
        Optional<Affine> affine = Affine.ofBatchNorm(graph, norm);
        if (affine.isEmpty()) {
            return Optional.empty();
        }
        Optional<Graph> behind = foldIntoProducer(graph, norm, affine.get(), shapes, budget);
        return behind.isPresent() ? behind : foldIntoConsumer(graph, norm, affine.get(), shapes, budget);
    }

    private static Optional<Graph> foldIntoProducer(
            Graph graph, Node norm, Affine affine, TrialShapes shapes, FoldingBudget budget) {
        Optional<Node> producer = graph.producer(norm.input(0));
        if (producer.isEmpty()
                || graph.onlyConsumer(norm.input(0)).isEmpty()
                || (Operators.is(producer.get(), "MatMul") && (affine.hasShift() || shapes.rank(norm.input(0)) != 2))) {
            return Optional.empty();
        }
        Optional<LinearWeights> linear = LinearWeights.of(graph, producer.get());
        if (linear.isEmpty()
                || linear.get().channels() != affine.scale().length
                || !budget.take(linear.get().elementCount())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        linear.get().foldBehind(edit, norm, affine);
        return Optional.of(edit.apply());
    }

    private static Optional<Graph> foldIntoConsumer(
            Graph graph, Node norm, Affine affine, TrialShapes shapes, FoldingBudget budget) {
        Optional<Node> consumer = graph.onlyConsumer(norm.output())
                .filter(node ->
                        node.input(0).equals(norm.output()) && isExactBehind(node, affine, shapes.rank(norm.output())));
        Optional<LinearWeights> linear = consumer.flatMap(node -> LinearWeights.of(graph, node));
        if (linear.isEmpty()
                || (affine.hasShift() && !linear.get().takesBias())
                || !budget.take(linear.get().elementCount())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        linear.get().foldAhead(edit, norm, affine);
        return Optional.of(edit.apply());
    }

    private static boolean isExactBehind(Node node, Affine affine, int rank) {
        Attributes attributes = node.op().attributes();
        return switch (node.op().type().name()) {
            case "Conv" -> !affine.hasShift() || isUnpadded(attributes);
            case "Gemm" -> !attributes.flag("transA", false);
            case "MatMul" -> rank == 2;
            default -> false;
        };
    }

    private static boolean isUnpadded(Attributes attributes) {
        return switch (attributes.string("auto_pad", "NOTSET")) {
            case "VALID" -> true;
            case "NOTSET" -> Arrays.stream(attributes.integersOrEmpty("pads")).allMatch(pad -> pad == 0);
            default -> false;
        };
    }
}
