package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.LocalResponseNormalization;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.Squeeze;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.graph.op.Unsqueeze;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns an f32 LRN of an image into an AveragePool of squares along the channels and elementwise operators, all of which
 * have fast kernels: {@code x / (bias + alpha * mean)^beta}, for a beta that is a multiple of 1/4 up to 1.
 */
public final class SpellLocalResponse implements Pass {
    private static final int MAX_RANK = 4;

    /** Wider windows cost more one by one than as running sums. */
    private static final int MAX_SIZE = 64;

    private final Evaluator evaluator;

    public SpellLocalResponse(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof LocalResponseNormalization)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> spell(current, node, shapes));
    }

    private static Optional<Graph> spell(Graph graph, Node node, TrialShapes shapes) {
        int rank = shapes.rank(node.input(0));
        if (!(node.op() instanceof LocalResponseNormalization op)
                || graph.dtype(node.output()) != DType.F32
                || rank < 3
                || rank > MAX_RANK
                || op.size() > MAX_SIZE
                || op.bias() <= 0
                || op.alpha() < 0
                || !isSpelt(op.beta())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        String x = node.input(0);
        String base = node.output();
        String axis = edit.addConstant(base + "/axis", Tensor.vector(1));
        String squares = edit.addNode(base + "/squares", new Binary(BinaryFunction.MUL), x, x);
        String deep = edit.addNode(base + "/deep", new Unsqueeze(), squares, axis);
        String means = edit.addNode(base + "/means", alongChannels(op.size(), rank - 1), deep);
        String flat = edit.addNode(base + "/flat", new Squeeze(), means, axis);
        String alpha = edit.addConstant(base + "/alpha", Tensor.scalar(op.alpha()));
        String bias = edit.addConstant(base + "/bias", Tensor.scalar(op.bias()));
        String scaled = edit.addNode(base + "/scaled", new Binary(BinaryFunction.MUL), flat, alpha);
        String sum = edit.addNode(base + "/sum", new Binary(BinaryFunction.ADD), scaled, bias);
        String power = power(edit, base, sum, op.beta());
        edit.put(new Node(node.name(), new Binary(BinaryFunction.DIV), List.of(x, power), node.outputs()));
        return Optional.of(edit.apply());
    }

    private static boolean isSpelt(float beta) {
        return beta == 0.25f || beta == 0.5f || beta == 0.75f || beta == 1;
    }

    private static String power(GraphEdit edit, String base, String value, float beta) {
        if (beta == 1) {
            return value;
        }
        Unary root = new Unary(UnaryFunction.SQRT);
        String half = edit.addNode(base + "/half", root, value);
        if (beta == 0.5f) {
            return half;
        }
        String quarter = edit.addNode(base + "/quarter", root, half);
        return beta == 0.25f ? quarter : edit.addNode(base + "/power", new Binary(BinaryFunction.MUL), half, quarter);
    }

    /** The mean of {@code size} neighbours along the first of some axes, with zeros outside. */
    private static AveragePool alongChannels(long size, int axes) {
        long[] kernel = new long[axes];
        Arrays.fill(kernel, 1);
        kernel[0] = size;
        long[] pads = new long[2 * axes];
        pads[0] = (size - 1) / 2;
        pads[axes] = size - 1 - pads[0];
        SpatialWindow window = new SpatialWindow(kernel, new long[0], new long[0], pads, SpatialWindow.AutoPad.NOTSET);
        return new AveragePool(window, false, true, Layout.CHANNELS_FIRST);
    }
}
