package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns {@code (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * scale + bias} over the last axis, with a vector as scale
 * and one or none as bias, into {@link LayerNormalization}. The result changes by what the spelt-out form rounds more
 * often.
 */
public final class FuseLayerNorm implements Pass {
    private final Evaluator evaluator;

    public FuseLayerNorm(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(FuseLayerNorm::isRoot)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> fuse(current, node, shapes));
    }

    private static boolean isRoot(Node node) {
        return node.op() instanceof Unary(UnaryFunction function) && function == UnaryFunction.SQRT;
    }

    private static Optional<Graph> fuse(Graph graph, Node root, TrialShapes shapes) {
        if (!isRoot(root) || graph.dtype(root.output()) != DType.F32) {
            return Optional.empty();
        }
        Optional<Node> quotient = graph.onlyConsumer(root.output())
                .filter(node -> Operators.is(node, "Div") && node.input(1).equals(root.output()));
        Optional<Variance> variance = Variance.of(graph, root.input(0), shapes);
        if (quotient.isEmpty()
                || variance.isEmpty()
                || !centered(graph, quotient.get().input(0), shapes).equals(Optional.of(variance.get().x))) {
            return Optional.empty();
        }
        return shapes.shape(variance.get().x)
                .flatMap(shape -> scaled(graph, quotient.get().output(), shape.dim(-1)))
                .map(scaled -> replace(graph, variance.get(), scaled));
    }

    /** {@code mean((x - mean(x))^2) + epsilon}. */
    private record Variance(String x, float epsilon) {
        static Optional<Variance> of(Graph graph, String value, TrialShapes shapes) {
            Optional<Node> sum = graph.producer(value).filter(node -> Operators.is(node, "Add"));
            if (sum.isEmpty()) {
                return Optional.empty();
            }
            int side = Scalars.constant(graph, sum.get().input(0)).isPresent() ? 0 : 1;
            Optional<Float> epsilon = Scalars.constant(graph, sum.get().input(side));
            Optional<String> x = meanOf(graph, sum.get().input(1 - side), shapes)
                    .flatMap(square -> squareOf(graph, square))
                    .flatMap(distance -> centered(graph, distance, shapes));
            return epsilon.flatMap(constant -> x.map(name -> new Variance(name, constant)));
        }
    }

    /** What a value is the mean of, over the last axis, which stays with extent 1. */
    private static Optional<String> meanOf(Graph graph, String value, TrialShapes shapes) {
        Optional<Node> mean = graph.producer(value)
                .filter(node -> node.op() instanceof Reduce reduce
                        && reduce.function() == ReduceFunction.MEAN
                        && reduce.keepDims());
        if (mean.isEmpty()) {
            return Optional.empty();
        }
        String x = mean.get().input(0);
        return graph.constant(mean.get().input(1))
                .map(Tensor::toLongs)
                .filter(axes -> axes.length == 1 && (axes[0] == -1 || axes[0] == shapes.rank(x) - 1))
                .map(_ -> x);
    }

    private static Optional<String> squareOf(Graph graph, String value) {
        return graph.producer(value)
                .filter(node -> Operators.is(node, "Pow")
                        ? Scalars.constant(graph, node.input(1))
                                .filter(power -> power == 2)
                                .isPresent()
                        : Operators.is(node, "Mul") && node.input(0).equals(node.input(1)))
                .map(node -> node.input(0));
    }

    /** The x of {@code x - mean(x)}. */
    private static Optional<String> centered(Graph graph, String value, TrialShapes shapes) {
        return graph.producer(value)
                .filter(node -> Operators.is(node, "Sub"))
                .filter(node -> meanOf(graph, node.input(1), shapes)
                        .filter(node.input(0)::equals)
                        .isPresent())
                .map(node -> node.input(0));
    }

    /** The last node of a multiplication by a vector and the addition of another, and the names of both. */
    private record Scaled(Node last, String scale, Optional<String> bias) {}

    private static Optional<Scaled> scaled(Graph graph, String value, long length) {
        Optional<Scaled> product = byVector(graph, value, "Mul", length);
        Optional<Scaled> sum = product.flatMap(scaled -> byVector(graph, scaled.last.output(), "Add", length));
        return sum.map(shifted -> new Scaled(shifted.last, product.orElseThrow().scale, Optional.of(shifted.scale)))
                .or(() -> product);
    }

    private static Optional<Scaled> byVector(Graph graph, String value, String operator, long length) {
        return graph.onlyConsumer(value)
                .filter(node -> Operators.is(node, operator))
                .flatMap(node -> Scalars.other(node, value)
                        .filter(other -> isVector(graph, other, length))
                        .map(other -> new Scaled(node, other, Optional.empty())));
    }

    private static boolean isVector(Graph graph, String value, long length) {
        return graph.constant(value)
                .filter(tensor -> tensor.dtype() == DType.F32 && tensor.shape().equals(Shape.of(length)))
                .isPresent();
    }

    private static Graph replace(Graph graph, Variance variance, Scaled scaled) {
        List<String> inputs = new ArrayList<>(List.of(variance.x, scaled.scale));
        scaled.bias.ifPresent(inputs::add);
        LayerNormalization op = new LayerNormalization(-1, variance.epsilon, DType.F32);
        GraphEdit edit = new GraphEdit(graph);
        edit.put(new Node(scaled.last.name(), op, inputs, scaled.last.outputs()));
        return edit.apply();
    }
}
