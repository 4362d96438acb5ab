package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Puts an f32 Softmax over an axis other than the last, whose rows are apart, between Transposes. */
public final class SoftmaxOverLast implements Pass {
    private final Evaluator evaluator;

    public SoftmaxOverLast(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Softmax)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> wrap(current, node, shapes));
    }

    private static Optional<Graph> wrap(Graph graph, Node node, TrialShapes shapes) {
        int rank = shapes.rank(node.input(0));
        if (!(node.op() instanceof Softmax(SoftmaxFunction function, long given))
                || function != SoftmaxFunction.SOFTMAX
                || graph.dtype(node.output()) != DType.F32
                || rank < 2) {
            return Optional.empty();
        }
        int axis = Math.toIntExact(given < 0 ? given + rank : given);
        if (axis >= rank - 1) {
            return Optional.empty();
        }
        long[] order = LongStream.concat(LongStream.range(0, rank).filter(i -> i != axis), LongStream.of(axis))
                .toArray();
        long[] back = new long[rank];
        for (int i = 0; i < rank; i++) {
            back[(int) order[i]] = i;
        }
        GraphEdit edit = new GraphEdit(graph);
        String rows = edit.addNode(node.output() + "/rows", new Transpose(order), node.input(0));
        String softmax = edit.freshName(node.output() + "/overLast");
        edit.put(new Node(node.name(), new Softmax(function, -1), List.of(rows), List.of(softmax)));
        String name = edit.freshName(node.output() + "/Transpose");
        edit.put(new Node(name, new Transpose(back), List.of(softmax), node.outputs()));
        return Optional.of(edit.apply());
    }
}
