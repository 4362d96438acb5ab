package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns an f32 BatchNormalization that no layer before it took in into a product and a sum by channel, which fuse with
 * their neighbours and work on any layout. The result changes by a few roundings of {@code mean / deviation * scale}.
 */
public final class SpellBatchNorm implements Pass {
    private final Evaluator evaluator;

    public SpellBatchNorm(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof BatchNormalization)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> spell(current, node, shapes));
    }

    private static Optional<Graph> spell(Graph graph, Node node, TrialShapes shapes) {
        int rank = shapes.rank(node.input(0));
        Optional<Affine> affine =
                Affine.ofBatchNorm(graph, node).filter(_ -> rank >= 2 && graph.dtype(node.output()) == DType.F32);
        if (affine.isEmpty()) {
            return Optional.empty();
        }
        long[] dims = new long[rank - 1];
        Arrays.fill(dims, 1);
        dims[0] = affine.get().scale().length;
        Tensor factors = Tensor.allocate(DType.F32, Shape.of(dims));
        Tensor summands = Tensor.allocate(DType.F32, Shape.of(dims));
        for (int c = 0; c < dims[0]; c++) {
            factors.setDouble(c, affine.get().scale(c));
            summands.setDouble(c, affine.get().shift(c));
        }
        GraphEdit edit = new GraphEdit(graph);
        String factor = edit.addConstant(node.name() + "/factors", factors);
        String summand = edit.addConstant(node.name() + "/summands", summands);
        String scaled = edit.addNode(node.output() + "/scaled", new Binary(BinaryFunction.MUL), node.input(0), factor);
        edit.put(new Node(node.name(), new Binary(BinaryFunction.ADD), List.of(scaled, summand), node.outputs()));
        return Optional.of(edit.apply());
    }
}
