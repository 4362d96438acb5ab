package dev.octet.pass;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.QLookup;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what lies between a DequantizeLinear and a QuantizeLinear into a {@link QLookup} if it is elementwise and has
 * scalar constants as its only other inputs: a chain such as Sigmoid, a small graph such as {@code x * sigmoid(x)}, or
 * nothing, which changes the scale. The table holds what the float operators give for each of the 256 values.
 */
public final class LowerElementwise implements Pass {
    private static final int VALUES = 256;

    /** More nodes than any activation is spelt with. */
    private static final int MAX_NODES = 32;

    private final Evaluator evaluator;

    public LowerElementwise(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, this::lower);
    }

    private Optional<Graph> lower(Graph graph, Node node) {
        Optional<QuantParams.PerTensor> target = Qdq.target(graph, node);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Between between = new Between(graph);
        if (!between.collect(node.input(0), 0) || between.sources.size() != 1) {
            return Optional.empty();
        }
        Qdq.Dequantized source = between.sources.values().iterator().next();
        Tensor real = evaluate(graph, node.input(0), source, between.nodes.values());
        QLookup op = new QLookup(
                Quantizer.quantize(real, target.get()).toBytes(), target.get().dtype());
        GraphEdit edit = new GraphEdit(graph);
        edit.remove(node);
        edit.put(new Node(name(graph, node), op, List.of(source.value()), node.outputs()));
        return Optional.of(edit.apply());
    }

    /** The last float node's name where it goes, since that is what the model's author knows. */
    private static String name(Graph graph, Node quantize) {
        return graph.producer(quantize.input(0))
                .filter(last -> Elementwise.isReal(last)
                        && graph.onlyConsumer(quantize.input(0)).isPresent())
                .map(Node::name)
                .orElse(quantize.name());
    }

    /** The nodes that make a value, in order, and the dequantized values that they start from, by the node that did. */
    private static final class Between {
        private final Graph graph;
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Map<String, Qdq.Dequantized> sources = new HashMap<>();

        Between(Graph graph) {
            this.graph = graph;
        }

        /** Whether a value is made as wanted, of nodes seen before and some more. */
        boolean collect(String value, int depth) {
            if (nodes.containsKey(value)) {
                return true;
            }
            Optional<Qdq.Dequantized> source =
                    Qdq.byteSource(graph, value).filter(dequantized -> !graph.isConstant(dequantized.value()));
            if (source.isPresent()) {
                sources.put(source.get().node().name(), source.get());
                return true;
            }
            Optional<Node> producer = graph.producer(value)
                    .filter(node -> Elementwise.isReal(node) && graph.dtype(value) == DType.F32)
                    .filter(_ -> depth + nodes.size() < MAX_NODES);
            if (producer.isEmpty()) {
                return false;
            }
            for (String input : producer.get().inputs()) {
                if (!input.isEmpty() && scalar(graph, input).isEmpty() && !collect(input, depth + 1)) {
                    return false;
                }
            }
            nodes.put(value, producer.get());
            return true;
        }
    }

    /** A constant of one element, dequantized if need be. */
    private static Optional<Tensor> scalar(Graph graph, String value) {
        Optional<Tensor> quantized = Qdq.source(graph, value)
                .flatMap(source -> graph.constant(source.value())
                        .filter(tensor -> tensor.elementCount() == 1)
                        .map(tensor -> Quantizer.dequantize(tensor, source.params())));
        return quantized
                .or(() -> graph.constant(value))
                .filter(tensor -> tensor.elementCount() == 1 && tensor.shape().rank() <= 1);
    }

    private Tensor evaluate(Graph graph, String output, Qdq.Dequantized source, Collection<Node> between) {
        Map<String, Tensor> values = new HashMap<>();
        QuantParams.PerTensor params = source.bytePerTensor().orElseThrow();
        values.put(source.node().output(), Quantizer.dequantize(all(params.dtype()), params));
        for (Node node : between) {
            List<Optional<Tensor>> inputs = node.inputs().stream()
                    .map(input -> Optional.ofNullable(values.get(input)).or(() -> scalar(graph, input)))
                    .toList();
            values.put(
                    node.output(),
                    evaluator.evaluate(node, inputs, types(node, inputs)).get(0));
        }
        return Optional.ofNullable(values.get(output)).orElseThrow();
    }

    private static List<TensorType> types(Node node, List<Optional<Tensor>> inputs) {
        try {
            return ShapeInference.outputTypes(
                    node,
                    inputs.stream()
                            .map(input -> input.map(tensor -> new TensorType(tensor.dtype(), tensor.shape())))
                            .toList(),
                    inputs);
        } catch (DataDependentShapeException e) {
            throw new IllegalStateException(node.describe() + " is not elementwise", e);
        }
    }

    /** Every value of an 8-bit type, at the index of its bits. */
    private static Tensor all(DType dtype) {
        Tensor all = Tensor.allocate(dtype, Shape.of(VALUES));
        for (int bits = 0; bits < VALUES; bits++) {
            all.setBits(bits, bits);
        }
        return all;
    }
}
