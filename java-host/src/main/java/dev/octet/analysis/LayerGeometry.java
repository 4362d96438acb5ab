package dev.octet.analysis;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Conv;
import dev.octet.profile.roofline.LayerCost;
import dev.octet.tensor.Shape;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a layer is and how many numbers it moves, whatever their precision. Nodes that run as one kernel are one layer
 * ({@link LayerFusion}), and Q/DQ nodes are none: they fuse away.
 *
 * @param work its first node, with the operations and parameters of all and the last one's output
 * @param fused names of the nodes behind the first
 * @param kind such as {@code conv 3x3}, {@code depthwise 3x3}, {@code 1x1}, {@code fully connected}, {@code reshape}
 * @param matrix whether tensor cores can do it: a dense convolution or a product
 * @param readElements of inputs and weights, each once
 * @param wideElements of the bias, which is four bytes wide in every precision
 */
public record LayerGeometry(
        LayerWorkload work,
        List<String> fused,
        String kind,
        boolean matrix,
        long readElements,
        long wideElements,
        long writtenElements) {
    private static final Set<String> QDQ = Set.of("QuantizeLinear", "DequantizeLinear");
    private static final Set<String> FREE = Set.of("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout");
    private static final Set<String> PRODUCTS = Set.of("Gemm", "MatMul");
    private static final int WIDE_BYTES = 4;

    public LayerGeometry {
        fused = List.copyOf(fused);
    }

    /** The layers of a graph whose types were inferred, in topological order of their first nodes. */
    public static List<LayerGeometry> of(Graph graph, ShapeInference.Result types) {
        Map<String, LayerWorkload> works = new LinkedHashMap<>();
        Set<String> products = new HashSet<>();
        for (LayerWorkload work : Workload.of(graph, types).layers()) {
            if (!QDQ.contains(work.op())) {
                works.put(work.node(), work);
                if (work.macs() > 0) {
                    products.add(work.node());
                }
            }
        }
        List<Node> nodes = works.keySet().stream()
                .map(name -> graph.find(name).orElseThrow())
                .toList();
        return LayerFusion.groups(graph, types, nodes, products).stream()
                .map(group -> of(graph, group.nodes(), works, types))
                .toList();
    }

    /** Bytes moved if values and weights take this many each. */
    public long bytes(int elementBytes) {
        return (readElements + writtenElements) * elementBytes + wideElements * WIDE_BYTES;
    }

    /** Its cost with activations and weights of this width. */
    public LayerCost cost(int elementBytes) {
        return new LayerCost(work.node(), 2 * work.macs(), bytes(elementBytes), matrix);
    }

    private static LayerGeometry of(
            Graph graph, List<Node> nodes, Map<String, LayerWorkload> works, ShapeInference.Result types) {
        Node head = nodes.get(0);
        LayerWorkload work = joined(nodes.stream()
                .map(node -> Objects.requireNonNull(works.get(node.name())))
                .toList());
        List<String> fused = nodes.stream().skip(1).map(Node::name).toList();
        if (FREE.contains(work.op())) {
            return new LayerGeometry(work, fused, "reshape", false, 0, 0, 0);
        }
        long read = 0;
        long wide = 0;
        Set<String> counted = new HashSet<>();
        nodes.forEach(node -> counted.addAll(node.outputs()));
        for (Node node : nodes) {
            for (int i = 0; i < node.inputs().size(); i++) {
                if (node.hasInput(i) && counted.add(node.input(i))) {
                    long elements = elements(types, node.input(i));
                    boolean behind = node != head && work.macs() > 0 && graph.isConstant(node.input(i));
                    boolean bias = node == head && i == 2 && work.macs() > 0;
                    read += bias || behind ? 0 : elements;
                    wide += bias || (behind && !isNormalization(node)) ? elements : 0;
                }
            }
        }
        long written = nodes.getLast().outputs().stream()
                .mapToLong(output -> elements(types, output))
                .sum();
        return new LayerGeometry(work, fused, kind(head, types), isMatrix(head, work), read, wide, written);
    }

    /** A normalization behind a product folds into the product's weights and bias. */
    private static boolean isNormalization(Node node) {
        return node.op().type().name().equals("BatchNormalization");
    }

    private static LayerWorkload joined(List<LayerWorkload> works) {
        LayerWorkload first = works.getFirst();
        return new LayerWorkload(
                first.node(),
                first.op(),
                first.precision(),
                works.stream().mapToLong(LayerWorkload::macs).sum(),
                works.stream().mapToLong(LayerWorkload::parameters).sum(),
                first.readBytes(),
                works.getLast().writtenBytes(),
                works.getLast().output());
    }

    private static long elements(ShapeInference.Result types, String value) {
        return Optional.ofNullable(types.types().get(value))
                .map(type -> type.shape().elementCount())
                .orElse(0L);
    }

    private static boolean isMatrix(Node node, LayerWorkload work) {
        boolean grouped = node.op() instanceof Conv conv && conv.group() > 1;
        return work.macs() > 0 && !grouped;
    }

    private static String kind(Node node, ShapeInference.Result types) {
        if (PRODUCTS.contains(node.op().type().name())) {
            return "fully connected";
        }
        TensorType weight = node.op() instanceof Conv ? types.types().get(node.input(1)) : null;
        if (weight == null || !(node.op() instanceof Conv conv)) {
            return node.op().type().name();
        }
        return kind(conv, weight.shape());
    }

    private static String kind(Conv conv, Shape weight) {
        StringBuilder kernel = new StringBuilder();
        for (int axis = 2; axis < weight.rank(); axis++) {
            kernel.append(axis > 2 ? "x" : "").append(weight.dim(axis));
        }
        if (conv.group() == 1) {
            return weight.product(2, weight.rank()) == 1 ? kernel.toString() : "conv " + kernel;
        }
        return (weight.dim(1) == 1 ? "depthwise " : "grouped ") + kernel;
    }
}
