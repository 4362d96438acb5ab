package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.FusedMatMul;
import dev.octet.graph.op.MatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns an f32 MatMul with a constant matrix, and what alone reads its result, into {@link FusedMatMul}: an Add of a
 * constant vector, an Add of a tensor of the output's shape, Relu and Clip.
 */
public final class FuseMatMul implements Pass {
    private final Evaluator evaluator;

    public FuseMatMul(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof MatMul)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> fuse(current, node, shapes));
    }

    private static Optional<Graph> fuse(Graph graph, Node node, TrialShapes shapes) {
        Optional<Shape> matrix =
                graph.constant(node.input(1)).map(tensor -> tensor.shape()).filter(shape -> shape.rank() == 2);
        if (!(node.op() instanceof MatMul)
                || matrix.isEmpty()
                || graph.dtype(node.output()) != DType.F32
                || shapes.rank(node.input(0)) < 2) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        Optional<Sum> biased = sum(graph, node.output())
                .filter(sum -> graph.constant(sum.other)
                        .filter(bias -> bias.shape()
                                .equals(Shape.of(matrix.orElseThrow().dim(-1))))
                        .isPresent());
        String product = biased.map(sum -> sum.add.output()).orElse(node.output());
        Optional<Sum> added = sum(graph, product)
                .filter(sum -> !graph.isConstant(sum.other) && shapes.sameShape(sum.other, node.output()));
        Tail tail = Tail.clampsOnly(graph, added.map(sum -> sum.add.output()).orElse(product), DType.F32);
        if (tail.output().equals(node.output())) {
            return Optional.empty();
        }
        List<String> inputs = new ArrayList<>(List.of(node.input(0), node.input(1)));
        inputs.add(biased.map(Sum::other).orElse(""));
        inputs.add(added.map(Sum::other).orElse(""));
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        biased.ifPresent(sum -> edit.remove(sum.add));
        added.ifPresent(sum -> edit.remove(sum.add));
        tail.absorbed().forEach(edit::remove);
        FusedMatMul op = new FusedMatMul(tail.clamps().min(), tail.clamps().max());
        edit.put(new Node(node.name(), op, inputs, List.of(tail.output())));
        return Optional.of(edit.apply());
    }

    /** An Add that alone reads a value, and what else it reads. */
    private record Sum(Node add, String other) {}

    private static Optional<Sum> sum(Graph graph, String value) {
        return graph.onlyConsumer(value)
                .filter(node -> Operators.is(node, "Add"))
                .flatMap(node -> Scalars.other(node, value).map(other -> new Sum(node, other)));
    }
}
