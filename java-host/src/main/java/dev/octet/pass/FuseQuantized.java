package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.SumLayerNorm;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fuses an f32 LayerNormalization over the last axis with the Add before it and a QuantizeLinear behind it, into {@link
 * SumLayerNorm}.
 */
public final class FuseQuantized implements Pass {
    private final Evaluator evaluator;

    public FuseQuantized(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof LayerNormalization)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(
                graph,
                (current, node) -> node.op() instanceof LayerNormalization norm
                        ? fuse(current, node, norm, shapes)
                        : Optional.empty());
    }

    private static Optional<Graph> fuse(Graph graph, Node node, LayerNormalization norm, TrialShapes shapes) {
        if (!isOverLastAxis(graph, node, norm, shapes)) {
            return Optional.empty();
        }
        Optional<Node> add = graph.onlyConsumer(node.input(0))
                .flatMap(_ -> graph.producer(node.input(0)))
                .filter(sum -> Operators.is(sum, "Add") && shapes.sameShape(sum.input(0), sum.input(1)));
        List<Node> quantizers = graph.consumers(node.output()).stream()
                .filter(reader -> Qdq.target(graph, reader).isPresent())
                .toList();
        if (add.isEmpty() && quantizers.size() != 1) {
            return Optional.empty();
        }
        Optional<Node> quantize = quantizers.size() == 1 ? Optional.of(quantizers.get(0)) : Optional.empty();
        Optional<QuantParams.PerTensor> target = quantize.flatMap(next -> Qdq.target(graph, next));
        boolean real = target.isEmpty() || graph.onlyConsumer(node.output()).isEmpty();
        List<String> inputs = new ArrayList<>(
                List.of(add.map(sum -> sum.input(0)).orElse(node.input(0)), node.input(1), node.input(2)));
        add.ifPresent(sum -> inputs.add(sum.input(1)));
        List<String> outputs = new ArrayList<>(real ? node.outputs() : List.of());
        quantize.ifPresent(next -> outputs.addAll(next.outputs()));
        GraphEdit edit = new GraphEdit(graph);
        add.ifPresent(edit::remove);
        quantize.ifPresent(edit::remove);
        edit.put(new Node(node.name(), new SumLayerNorm(norm.epsilon(), real, target), inputs, outputs));
        return Optional.of(edit.apply());
    }

    /** Whether scale and bias are constant vectors along the one axis that is normalized, and there is one output. */
    private static boolean isOverLastAxis(Graph graph, Node node, LayerNormalization norm, TrialShapes shapes) {
        Optional<Shape> x = shapes.shape(node.input(0)).filter(shape -> shape.rank() > 0 && shape.dim(-1) > 0);
        return x.isPresent()
                && (norm.axis() == -1 || norm.axis() == x.get().rank() - 1)
                && node.outputs().size() == 1
                && graph.dtype(node.input(0)) == DType.F32
                && isVector(graph, node.input(1), x.get().dim(-1))
                && isVector(graph, node.input(2), x.get().dim(-1));
    }

    private static boolean isVector(Graph graph, String value, long length) {
        return graph.constant(value)
                .filter(tensor -> tensor.dtype() == DType.F32 && tensor.shape().equals(Shape.of(length)))
                .isPresent();
    }
}
