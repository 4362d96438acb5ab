package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.ScaledSoftmax;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a Softmax over the last axis into {@link ScaledSoftmax}, with the product by a constant and the sum with a mask
 * before it and the QuantizeLinear behind it. A division becomes a product with the rounded reciprocal.
 */
public final class FuseScaledSoftmax implements Pass {
    private final Evaluator evaluator;

    public FuseScaledSoftmax(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Softmax)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> fuse(current, node, shapes));
    }

    private static Optional<Graph> fuse(Graph graph, Node node, TrialShapes shapes) {
        if (!(node.op() instanceof Softmax(SoftmaxFunction function, long axis))
                || function != SoftmaxFunction.SOFTMAX
                || graph.dtype(node.output()) != DType.F32
                || shapes.rank(node.input(0)) < 1
                || (axis != -1 && axis != shapes.rank(node.input(0)) - 1)) {
            return Optional.empty();
        }
        Masked masked = masked(graph, node.input(0), shapes);
        Optional<Scalars.Product> scaled = before(graph, masked.value)
                .flatMap(product -> Scalars.product(graph, product))
                .filter(product -> shapes.sameShape(product.value(), node.output()));
        Optional<Node> quantize = graph.onlyConsumer(node.output());
        Optional<QuantParams.PerTensor> target = quantize.flatMap(next -> Qdq.target(graph, next));
        if (masked.mask.isEmpty() && scaled.isEmpty() && target.isEmpty()) {
            return Optional.empty();
        }
        List<String> inputs =
                new ArrayList<>(List.of(scaled.map(Scalars.Product::value).orElse(masked.value)));
        masked.mask.ifPresent(inputs::add);
        ScaledSoftmax op = new ScaledSoftmax(scaled.map(Scalars.Product::factor).orElse(1f), target);
        Node last = target.isPresent() ? quantize.orElseThrow() : node;
        GraphEdit edit = new GraphEdit(graph);
        edit.remove(last);
        edit.put(new Node(node.name(), op, inputs, last.outputs()));
        return Optional.of(edit.apply());
    }

    /** The node that makes a value that nothing else reads. */
    private static Optional<Node> before(Graph graph, String value) {
        return graph.onlyConsumer(value).flatMap(_ -> graph.producer(value));
    }

    /** A value and what is added to it, with fewer elements along some axes but not the last. */
    private record Masked(String value, Optional<String> mask) {}

    private static Masked masked(Graph graph, String sum, TrialShapes shapes) {
        Optional<Node> add = before(graph, sum).filter(node -> Operators.is(node, "Add"));
        for (int i = 0; i < 2 && add.isPresent(); i++) {
            String value = add.get().input(i);
            String mask = add.get().input(1 - i);
            if (shapes.sameShape(value, sum) && isMask(shapes, mask, sum)) {
                return new Masked(value, Optional.of(mask));
            }
        }
        return new Masked(sum, Optional.empty());
    }

    private static boolean isMask(TrialShapes shapes, String mask, String sum) {
        Optional<Shape> shape = shapes.shape(mask).filter(given -> given.rank() > 0);
        Optional<Shape> whole = shapes.shape(sum);
        return shape.isPresent()
                && whole.isPresent()
                && shape.get().dim(-1) == whole.get().dim(-1)
                && !shape.equals(whole);
    }
}
