package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.graph.op.Squeeze;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Turns GlobalAveragePool, and ReduceMean over all spatial axes, between DequantizeLinear and QuantizeLinear into
 * {@link QGlobalAveragePool}.
 */
public final class LowerAveragePools implements Pass {
    private final Evaluator evaluator;

    public LowerAveragePools(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> lower(current, node, shapes));
    }

    private static Optional<Graph> lower(Graph graph, Node node, TrialShapes shapes) {
        if (!isSpatialMean(graph, node, shapes)) {
            return Optional.empty();
        }
        Optional<Qdq.Dequantized> x = Qdq.byteSource(graph, node.input(0));
        Tail tail = Tail.withoutResidual(graph, node.output());
        if (x.isEmpty() || tail.target().isEmpty() || !tail.clamps().equals(Clamps.NONE)) {
            return Optional.empty();
        }
        QuantParams.PerTensor input = x.get().bytePerTensor().orElseThrow();
        QuantParams.PerTensor output = tail.target().get();
        QGlobalAveragePool op = new QGlobalAveragePool(
                input.zeroPoint(),
                input.scale(),
                output.scale(),
                output.dtype(),
                output.zeroPoint(),
                Layout.CHANNELS_FIRST);
        GraphEdit edit = new GraphEdit(graph);
        tail.absorbed().forEach(edit::remove);
        boolean squeezes = node.op() instanceof Reduce reduce && !reduce.keepDims();
        String pooled = squeezes ? edit.freshName(tail.output() + "/pooled") : tail.output();
        edit.put(new Node(node.name(), op, List.of(x.get().value()), List.of(pooled)));
        if (squeezes) {
            long[] axes = spatialAxes(shapes.rank(node.input(0)));
            String constant = edit.addConstant(node.name() + "/axes", Tensor.vector(axes));
            String name = edit.freshName(node.name() + "/Squeeze");
            edit.put(new Node(name, new Squeeze(), List.of(pooled, constant), List.of(tail.output())));
        }
        return Optional.of(edit.apply());
    }

    private static long[] spatialAxes(int rank) {
        return LongStream.range(2, rank).toArray();
    }

    private static boolean isSpatialMean(Graph graph, Node node, TrialShapes shapes) {
        if (node.op() instanceof GlobalAveragePool pool) {
            return pool.layout() == Layout.CHANNELS_FIRST;
        }
        Optional<Shape> shape = shapes.shape(node.input(0)).filter(s -> s.rank() >= 3);
        if (!(node.op() instanceof Reduce reduce) || reduce.function() != ReduceFunction.MEAN || shape.isEmpty()) {
            return false;
        }
        Optional<long[]> axes = graph.constant(node.input(1)).map(Tensor::toLongs);
        if (axes.isEmpty()) {
            return false;
        }
        boolean[] reduced = reduce.reducedAxes(shape.get(), axes);
        for (int axis = 0; axis < reduced.length; axis++) {
            if (reduced[axis] != (axis >= 2)) {
                return false;
            }
        }
        return true;
    }
}
