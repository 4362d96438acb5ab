package dev.octet.pass;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.GraphVerifier;
import dev.octet.graph.Node;
import dev.octet.graph.OpType;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Effort;
import dev.octet.graph.op.Identity;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes nodes whose inputs are all constant. Random operators stay. DequantizeLinear stays unless asked for: a
 * quantized weight must keep its scale.
 */
public final class FoldConstants implements Pass {
    /** A result larger than this, and than its inputs together, stays computed at run time: 4 Mi elements. */
    private static final long MAX_GROWN_ELEMENTS = 1L << 22;

    private static final Set<String> RANDOM = Set.of(
            "Bernoulli",
            "Dropout",
            "Multinomial",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike");

    private final Evaluator evaluator;
    private final boolean dequantize;

    private FoldConstants(Evaluator evaluator, boolean dequantize) {
        this.evaluator = evaluator;
        this.dequantize = dequantize;
    }

    /** Folds all but DequantizeLinear. */
    public static FoldConstants keepingQuantized(Evaluator evaluator) {
        return new FoldConstants(evaluator, false);
    }

    /** Folds DequantizeLinear as well: for execution, after integer operators have taken what they use. */
    public static FoldConstants all(Evaluator evaluator) {
        return new FoldConstants(evaluator, true);
    }

    @Override
    public Graph apply(Graph graph) {
        GraphEdit edit = new GraphEdit(graph);
        Map<String, Tensor> known = new HashMap<>(graph.constants());
        FoldingBudget budget = FoldingBudget.ofOperations(graph);
        for (Node node : graph.nodes()) {
            if (isFoldable(graph, node, known)) {
                fold(edit, node, known, budget);
            }
        }
        if (!edit.changed()) {
            return graph;
        }
        Graph folded = edit.apply();
        // What a model computes its scales and weights to be is found at fault here, and is the model's.
        GraphVerifier.verify(folded);
        return folded;
    }

    private boolean isFoldable(Graph graph, Node node, Map<String, Tensor> known) {
        OpType type = node.op().type();
        if (type.domain().equals(OpType.INTERNAL) || RANDOM.contains(type.name())) {
            return false;
        }
        if (!dequantize && type.name().equals("DequantizeLinear")) {
            return false;
        }
        // What replaces a graph output is an Identity of the constant: folding that would go on for ever.
        if (node.op() instanceof Identity && graph.isOutput(node.output())) {
            return false;
        }
        return node.inputs().stream().allMatch(input -> input.isEmpty() || known.containsKey(input));
    }

    /** Folds a node that does not take too long. */
    private void fold(GraphEdit edit, Node node, Map<String, Tensor> known, FoldingBudget budget) {
        List<Optional<Tensor>> inputs = node.inputs().stream()
                .map(input -> Optional.ofNullable(known.get(input)))
                .toList();
        Optional<List<TensorType>> types = outputTypes(node, inputs);
        if (types.isEmpty()
                || isTooLarge(types.get(), inputs)
                || !budget.take(Effort.operations(node, TensorType.of(inputs), types.get()))) {
            return;
        }
        List<Tensor> results = evaluator.evaluate(node, inputs, types.get());
        for (int i = 0; i < results.size(); i++) {
            String output = node.outputs().get(i);
            if (!output.isEmpty()) {
                known.put(output, results.get(i));
                edit.replaceUses(output, edit.addConstant(output + "/folded", results.get(i)));
            }
        }
    }

    private static Optional<List<TensorType>> outputTypes(Node node, List<Optional<Tensor>> inputs) {
        try {
            return Optional.of(ShapeInference.outputTypes(node, TensorType.of(inputs), inputs));
        } catch (DataDependentShapeException e) {
            return Optional.empty();
        }
    }

    private static boolean isTooLarge(List<TensorType> outputs, List<Optional<Tensor>> inputs) {
        long before = inputs.stream()
                .flatMap(Optional::stream)
                .mapToLong(Tensor::elementCount)
                .sum();
        long after =
                outputs.stream().mapToLong(type -> type.shape().elementCount()).sum();
        return after > Math.max(before, MAX_GROWN_ELEMENTS);
    }
}
