package dev.octet.analysis.lint;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.Conv;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A graph as the rules see it: layers, and the Q/DQ pairs between them. */
final class QdqView {
    static final String QUANTIZE = "QuantizeLinear";
    static final String DEQUANTIZE = "DequantizeLinear";
    static final Set<String> WEIGHTED = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");
    static final Set<String> ACTIVATIONS = Set.of("Relu", "Clip", "LeakyRelu", "PRelu");

    /** Operators that only move values: Q and DQ commute with them. */
    static final Set<String> MOVING = Set.of(
            "Reshape",
            "Transpose",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "MaxPool",
            "Slice",
            "Split",
            "Gather",
            "Identity",
            "Expand",
            "DepthToSpace",
            "SpaceToDepth",
            "Pad",
            "Tile");

    private final Graph graph;

    QdqView(Graph graph) {
        this.graph = graph;
    }

    Graph graph() {
        return graph;
    }

    static boolean is(Node node, String op) {
        return node.op().type().name().equals(op);
    }

    static boolean isAny(Node node, Set<String> ops) {
        return ops.contains(node.op().type().name());
    }

    Optional<Node> producer(String value, Set<String> ops) {
        return graph.producer(value).filter(node -> isAny(node, ops));
    }

    /** The DequantizeLinear that writes a value. */
    Optional<Node> dequantize(String value) {
        return producer(value, Set.of(DEQUANTIZE));
    }

    boolean isDequantized(String value) {
        return dequantize(value).isPresent();
    }

    /** The QuantizeLinear of the pair that writes a value. */
    Optional<Node> pair(String value) {
        return dequantize(value).flatMap(node -> producer(node.input(0), Set.of(QUANTIZE)));
    }

    /** The value in front of the pair that writes a value; the value itself without one. */
    String beforePair(String value) {
        return pair(value).map(node -> node.input(0)).orElse(value);
    }

    /** Whether a value is computed from constants only, behind Q/DQ or not. */
    boolean isConstant(String value) {
        Optional<String> stored = dequantize(value).map(node -> node.input(0));
        String inner = stored.orElse(value);
        return graph.isConstant(inner)
                || producer(inner, Set.of(QUANTIZE))
                        .map(node -> graph.isConstant(node.input(0)))
                        .orElse(false);
    }

    /** The weight of a layer as stored: a constant, behind Q/DQ or not. */
    Optional<Tensor> weight(Node layer) {
        String value = beforePair(layer.input(1));
        String stored = dequantize(value).map(node -> node.input(0)).orElse(value);
        return graph.constant(stored);
    }

    /** Whether a layer multiplies 8-bit integers. */
    boolean isInt8(Node layer) {
        return isAny(layer, WEIGHTED) && isDequantized(layer.input(0)) && isDequantized(layer.input(1));
    }

    /** The layer that writes a value, directly or through an activation. */
    Optional<Node> layerBehindActivation(String value) {
        String inner = producer(value, ACTIVATIONS).map(node -> node.input(0)).orElse(value);
        return producer(inner, WEIGHTED);
    }

    /** Whether everything that reads a value, through an activation or not, quantizes it. */
    boolean isRequantized(String value) {
        List<Node> readers = List.copyOf(graph.consumers(value));
        return !readers.isEmpty()
                && !graph.isOutput(value)
                && readers.stream()
                        .allMatch(node -> is(node, QUANTIZE)
                                || (isAny(node, ACTIVATIONS)
                                        && graph.consumers(node.output()).stream()
                                                .anyMatch(next -> is(next, QUANTIZE))));
    }

    Optional<Tensor> scale(Node qdq) {
        return graph.constant(qdq.input(1));
    }

    /** Whether a Q or DQ has a zero point other than 0. */
    boolean isAsymmetric(Node qdq) {
        return graph.constant(qdq.input(2)).map(QdqView::hasNonZero).orElse(false);
    }

    private static boolean hasNonZero(Tensor tensor) {
        for (long i = 0; i < tensor.elementCount(); i++) {
            if (tensor.getDouble(i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether two Q or DQ nodes have the same constant scale and zero point. */
    boolean sameGrid(Node a, Node b) {
        return same(a.input(1), b.input(1)) && (same(a.input(2), b.input(2)) || (!isAsymmetric(a) && !isAsymmetric(b)));
    }

    private boolean same(String a, String b) {
        Optional<Tensor> left = graph.constant(a);
        Optional<Tensor> right = graph.constant(b);
        return a.equals(b)
                || (left.isPresent() && right.isPresent() && left.get().contentEquals(right.get()));
    }

    static long group(Node conv) {
        return conv.op() instanceof Conv op ? op.group() : 1;
    }

    /** Whether a convolution has one filter a channel. */
    static boolean isDepthwise(Node conv, Shape weight) {
        return group(conv) > 1 && weight.dim(1) == 1;
    }
}
