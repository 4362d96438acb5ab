package dev.octet.analysis;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Effort;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Counts what each node of a graph costs for given input shapes. In a Q/DQ graph the cost of a convolution or product
 * counts its operands as stored, that is before the DequantizeLinear.
 *
 * @param layers in topological order, nodes that only prepare constants or shapes left out
 */
public record Workload(List<LayerWorkload> layers) {
    private static final String DEQUANTIZE = "DequantizeLinear";

    public Workload {
        layers = List.copyOf(layers);
    }

    /** Counts a graph whose types were inferred. */
    public static Workload of(Graph graph, ShapeInference.Result types) {
        List<LayerWorkload> layers = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean known = types.types().containsKey(node.output());
            boolean constant = types.known().containsKey(node.output());
            if (known && !constant && !isWeightDequantize(graph, node)) {
                layers.add(count(graph, types, node));
            }
        }
        return new Workload(layers);
    }

    public long macs() {
        return layers.stream().mapToLong(LayerWorkload::macs).sum();
    }

    /** Elements of all weights and biases; one that several nodes share counts for each. */
    public long parameters() {
        return layers.stream().mapToLong(LayerWorkload::parameters).sum();
    }

    private static boolean isWeightDequantize(Graph graph, Node node) {
        return node.op().type().name().equals(DEQUANTIZE) && graph.isConstant(node.input(0));
    }

    private static LayerWorkload count(Graph graph, ShapeInference.Result types, Node node) {
        long parameters = 0;
        long readBytes = 0;
        Set<String> counted = new HashSet<>();
        for (String input : node.inputs()) {
            if (input.isEmpty() || !counted.add(input)) {
                continue;
            }
            String stored = stored(graph, input);
            readBytes += sizeBytes(types, stored);
            parameters += parameters(graph, stored);
        }
        long writtenBytes = node.outputs().stream()
                .mapToLong(name -> sizeBytes(types, name))
                .sum();
        TensorType output = type(types, node.output()).orElseThrow();
        return new LayerWorkload(
                node.name(),
                node.op().type().name(),
                precision(graph, types, node),
                macs(node, types),
                parameters,
                readBytes,
                writtenBytes,
                output.toString());
    }

    private static long parameters(Graph graph, String value) {
        return graph.constant(value)
                .filter(tensor -> tensor.elementCount() > 1)
                .filter(tensor -> tensor.dtype().isFloat() || tensor.dtype().bits() <= 8 || isBias(tensor))
                .map(Tensor::elementCount)
                .orElse(0L);
    }

    private static boolean isBias(Tensor tensor) {
        return tensor.dtype() == dev.octet.tensor.DType.S32 && tensor.shape().rank() == 1;
    }

    /** The value as it lies in memory: what a DequantizeLinear in front of the consumer reads. */
    private static String stored(Graph graph, String value) {
        return graph.producer(value)
                .filter(node -> node.op().type().name().equals(DEQUANTIZE))
                .map(node -> node.input(0))
                .orElse(value);
    }

    private static String precision(Graph graph, ShapeInference.Result types, Node node) {
        if (node.inputs().isEmpty()) {
            return "";
        }
        return type(types, stored(graph, node.input(0)))
                .map(type -> type.dtype().isInteger() && type.dtype().bits() == 8
                        ? "int8"
                        : type.dtype().label())
                .orElse("");
    }

    private static Optional<TensorType> type(ShapeInference.Result types, String value) {
        return Optional.ofNullable(types.types().get(value));
    }

    private static long sizeBytes(ShapeInference.Result types, String value) {
        return type(types, value).map(TensorType::sizeBytes).orElse(0L);
    }

    private static long macs(Node node, ShapeInference.Result types) {
        List<Optional<TensorType>> inputs =
                node.inputs().stream().map(input -> type(types, input)).toList();
        List<TensorType> outputs = List.of(type(types, node.output()).orElseThrow());
        return (long) Effort.multiplyAccumulates(node, inputs, outputs);
    }
}
