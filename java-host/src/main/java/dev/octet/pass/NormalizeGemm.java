package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Gemm;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Folds a Gemm's alpha and beta into its constant b and c, so that both are 1. */
public final class NormalizeGemm implements Pass {
    @Override
    public Graph apply(Graph graph) {
        FoldingBudget budget = FoldingBudget.ofElements(graph);
        return Rewriting.everywhere(graph, (current, node) -> normalize(current, node, budget));
    }

    private static Optional<Graph> normalize(Graph graph, Node node, FoldingBudget budget) {
        if (!(node.op() instanceof Gemm gemm) || (gemm.alpha() == 1 && gemm.beta() == 1)) {
            return Optional.empty();
        }
        Optional<Tensor> b = graph.constant(node.input(1)).filter(tensor -> tensor.dtype() == DType.F32);
        Optional<Tensor> c = graph.constant(node.input(2));
        if ((b.isEmpty() && gemm.alpha() != 1) || (node.hasInput(2) && c.isEmpty() && gemm.beta() != 1)) {
            return Optional.empty();
        }
        if (!budget.take(Stream.of(b, c)
                .flatMap(Optional::stream)
                .mapToLong(Tensor::elementCount)
                .sum())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        List<String> inputs = new ArrayList<>(node.inputs());
        if (gemm.alpha() != 1) {
            inputs.set(1, edit.addConstant(node.input(1) + "/scaled", scaled(b.orElseThrow(), gemm.alpha())));
        }
        if (c.isPresent() && gemm.beta() != 1) {
            inputs.set(2, edit.addConstant(node.input(2) + "/scaled", scaled(c.get(), gemm.beta())));
        }
        edit.put(new Node(node.name(), new Gemm(1, 1, gemm.transA(), gemm.transB()), inputs, node.outputs()));
        return Optional.of(edit.apply());
    }

    private static Tensor scaled(Tensor tensor, float factor) {
        Tensor result = tensor.copy();
        for (long i = 0; i < result.elementCount(); i++) {
            result.setFloat(i, tensor.getFloat(i) * factor);
        }
        return result;
    }
}
