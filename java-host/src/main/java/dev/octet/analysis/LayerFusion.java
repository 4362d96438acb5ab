package dev.octet.analysis;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which nodes run as one kernel: a convolution or product with the activations, normalizations and sums behind it, as
 * TensorRT, ONNX Runtime and Octet's own plan fuse them, and element-wise nodes behind one another. Not thread-safe.
 */
final class LayerFusion {
    private static final Set<String> POINTWISE = Set.of(
            "Abs",
            "Add",
            "BatchNormalization",
            "Cast",
            "Celu",
            "Clip",
            "Div",
            "Elu",
            "Erf",
            "Exp",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "LeakyRelu",
            "Log",
            "Max",
            "Min",
            "Mish",
            "Mul",
            "Neg",
            "PRelu",
            "Pow",
            "Reciprocal",
            "Relu",
            "Selu",
            "Sigmoid",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Sub",
            "Tanh");

    private final Graph graph;
    private final ShapeInference.Result types;

    /** By value, the group of the node that writes it. */
    private final Map<String, Group> writers = new HashMap<>();

    /** Nodes that run as one, in topological order. */
    static final class Group {
        private final List<Node> nodes = new ArrayList<>();
        private final boolean growing;
        private final int place;

        private Group(Node head, boolean growing, int place) {
            nodes.add(head);
            this.growing = growing;
            this.place = place;
        }

        List<Node> nodes() {
            return nodes;
        }
    }

    private LayerFusion(Graph graph, ShapeInference.Result types) {
        this.graph = graph;
        this.types = types;
    }

    /**
     * Groups nodes.
     *
     * @param nodes in topological order
     * @param products names of the nodes that multiply matrices
     */
    static List<Group> groups(Graph graph, ShapeInference.Result types, List<Node> nodes, Set<String> products) {
        LayerFusion fusion = new LayerFusion(graph, types);
        Set<Group> groups = new LinkedHashSet<>();
        for (Node node : nodes) {
            boolean pointwise = isPointwise(node);
            Group group = fusion.before(node)
                    .filter(_ -> pointwise)
                    .orElseGet(() -> new Group(node, pointwise || products.contains(node.name()), groups.size()));
            if (!groups.add(group)) {
                group.nodes.add(node);
            }
            node.outputs().forEach(output -> fusion.writers.put(output, group));
        }
        return List.copyOf(groups);
    }

    private static boolean isPointwise(Node node) {
        return POINTWISE.contains(node.op().type().name());
    }

    /** The latest group whose values this node can take over without one of them being written to memory. */
    private Optional<Group> before(Node node) {
        return node.inputs().stream()
                .flatMap(input -> Optional.ofNullable(writers.get(input))
                        .filter(group -> group.growing
                                && staysInside(input, node, group)
                                && elements(input) == elements(node.output()))
                        .stream())
                .max(Comparator.comparingInt(group -> group.place));
    }

    /** Whether nobody else reads a value, or only the other half of {@code x * sigmoid(x)}. */
    private boolean staysInside(String value, Node reader, Group group) {
        if (graph.isOutput(value)) {
            return false;
        }
        List<Node> others = graph.consumers(value).stream()
                .filter(node -> !node.name().equals(reader.name()))
                .toList();
        if (others.isEmpty()) {
            return true;
        }
        Node other = others.get(0);
        return others.size() == 1 && (group.nodes.contains(other) || joins(reader, other, value));
    }

    private boolean joins(Node gate, Node join, String value) {
        return isPointwise(join)
                && elements(join.output()) == elements(value)
                && !graph.isOutput(gate.output())
                && join.inputs().contains(value)
                && graph.onlyConsumer(gate.output())
                        .filter(node -> node.name().equals(join.name()))
                        .isPresent();
    }

    private long elements(String value) {
        return Optional.ofNullable(types.types().get(value))
                .map(TensorType::shape)
                .map(shape -> shape.elementCount())
                .orElse(-1L);
    }
}
