package dev.octet.graph;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Effort;
import dev.octet.tensor.DType;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives every value its type once the shapes of the graph's inputs are known, computing on the way the small values that
 * shapes depend on (Shape, Gather, Concat and so on before a Reshape).
 */
public final class ShapeInference {
    /** A computed value larger than this is left to run time: it is data, not a shape. */
    private static final long MAX_FOLDED_ELEMENTS = 4096;

    /** What all computed values may take; what is beyond is left to run time, where it is counted. */
    private static final double MAX_OPERATIONS = 1e9;

    private final Evaluator evaluator;
    private final Map<String, TensorType> types = new HashMap<>();
    private final Map<String, Tensor> known;
    private double operations;

    /**
     * What was found out.
     *
     * @param types by value; a value whose shape depends on data is missing
     * @param known the graph's constants and every value computed from them or from shapes alone
     */
    public record Result(Map<String, TensorType> types, Map<String, Tensor> known) {}

    private ShapeInference(Graph graph, Evaluator evaluator) {
        this.evaluator = evaluator;
        this.known = new HashMap<>(graph.constants());
    }

    /**
     * Infers all types.
     *
     * @param inputShapes the shape of every graph input
     * @throws ModelException naming the node whose inputs do not fit it
     */
    public static Result infer(Graph graph, Map<String, Shape> inputShapes, Evaluator evaluator) {
        ShapeInference inference = new ShapeInference(graph, evaluator);
        graph.constants()
                .forEach((name, tensor) -> inference.types.put(name, new TensorType(tensor.dtype(), tensor.shape())));
        for (ValueInfo input : graph.inputs()) {
            Shape shape = inputShapes.get(input.name());
            if (shape == null) {
                throw new IllegalArgumentException("no shape for input " + input.name());
            }
            inference.types.put(input.name(), new TensorType(input.dtype(), shape));
        }
        graph.nodes().forEach(inference::inferNode);
        return new Result(inference.types, inference.known);
    }

    private TensorType type(String value) {
        return Optional.ofNullable(types.get(value)).orElseThrow();
    }

    private void inferNode(Node node) {
        for (String input : node.inputs()) {
            if (!input.isEmpty() && !types.containsKey(input)) {
                return;
            }
        }
        List<Optional<Tensor>> values = node.inputs().stream()
                .map(name -> Optional.ofNullable(known.get(name)))
                .toList();
        List<TensorType> outputs;
        try {
            outputs = outputTypes(
                    node,
                    node.inputs().stream()
                            .map(name -> Optional.ofNullable(types.get(name)))
                            .toList(),
                    values);
        } catch (DataDependentShapeException e) {
            return;
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (!node.outputs().get(i).isEmpty()) {
                types.put(node.outputs().get(i), outputs.get(i));
            }
        }
        fold(node, values, outputs);
    }

    private void fold(Node node, List<Optional<Tensor>> values, List<TensorType> outputs) {
        boolean small = outputs.stream().allMatch(type -> type.shape().elementCount() <= MAX_FOLDED_ELEMENTS);
        // What was quantized is data.
        if (!small
                || node.op() instanceof DequantizeLinear
                || node.op().type().domain().equals(OpType.INTERNAL)) {
            return;
        }
        if (node.op() instanceof ShapeOnly shapeOnly) {
            List<Shape> inputs =
                    node.inputs().stream().map(name -> type(name).shape()).toList();
            known.put(node.output(), shapeOnly.fromShapes(inputs));
            return;
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.hasInput(i) && values.get(i).isEmpty()) {
                return;
            }
        }
        double more = Effort.operations(node, TensorType.of(values), outputs);
        if (operations + more > MAX_OPERATIONS) {
            return;
        }
        operations += more;
        List<Tensor> results = evaluator.evaluate(node, values, outputs);
        for (int i = 0; i < results.size(); i++) {
            if (!node.outputs().get(i).isEmpty()) {
                known.put(node.outputs().get(i), results.get(i));
            }
        }
    }

    private static void requireSizes(Node node, List<TensorType> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            try {
                outputs.get(i).sizeBytes();
            } catch (ModelException e) {
                throw e.at("output \"" + Names.escape(node.outputs().get(i)) + "\"");
            }
        }
    }

    /**
     * Types of a node's outputs.
     *
     * @param types one entry an input, empty where an optional one is absent
     * @param values the same, empty also where the value is not known
     * @throws ModelException naming the node; of kind LIMIT if a long cannot hold the size of an output
     */
    public static List<TensorType> outputTypes(
            Node node, List<Optional<TensorType>> types, List<Optional<Tensor>> values)
            throws DataDependentShapeException {
        int outputCount = node.outputs().size();
        OpInputs in = new OpInputs(types, values, outputCount);
        try {
            List<DType> dtypes = node.op()
                    .outputDTypes(
                            types.stream()
                                    .map(type -> type.map(TensorType::dtype))
                                    .toList(),
                            outputCount);
            List<Shape> shapes = node.op().outputShapes(in);
            List<TensorType> outputs = java.util.stream.IntStream.range(0, outputCount)
                    .mapToObj(i -> new TensorType(dtypes.get(i), shapes.get(i)))
                    .toList();
            requireSizes(node, outputs);
            return outputs;
        } catch (ModelException e) {
            throw e.at(node.describe());
        } catch (LimitException e) {
            throw ModelException.limit(e.getMessage() + ", over every memory limit")
                    .at(node.describe());
        } catch (IllegalArgumentException e) {
            throw ModelException.invalid(String.valueOf(e.getMessage())).at(node.describe());
        }
    }
}
