package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.TypeVerifier;
import dev.octet.graph.op.Cast;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes nodes that are declared fp16 compute in fp16: constants are rounded to it, other fp32 inputs and the outputs pass
 * through a Cast.
 */
public final class CastToHalf implements Pass {
    private static final float MAX_HALF = 65504;

    private final QuantizationOptions options;

    public CastToHalf(QuantizationOptions options) {
        this.options = options;
    }

    /**
     * Inserts the casts.
     *
     * @throws ConfigException if an operator or a constant does not fit fp16, naming the node
     */
    @Override
    public Graph apply(Graph graph) {
        GraphEdit edit = new GraphEdit(graph);
        for (Node node : graph.nodes()) {
            boolean declared = options.declared().get(node.name()) == Precision.FP16;
            if (declared && node.outputs().stream().anyMatch(output -> isSingle(graph, output))) {
                narrow(graph, edit, node);
            }
        }
        return edit.changed() ? edit.apply() : graph;
    }

    private static boolean isSingle(Graph graph, String value) {
        return !value.isEmpty() && graph.dtype(value) == DType.F32;
    }

    private static void narrow(Graph graph, GraphEdit edit, Node node) {
        if (node.inputs().stream().noneMatch(input -> isSingle(graph, input))) {
            return;
        }
        List<DType> types = narrowed(graph, node);
        List<String> inputs = new ArrayList<>();
        for (String input : edit.node(node.name()).inputs()) {
            String narrowed = input;
            if (edit.constant(input)
                    .filter(tensor -> tensor.dtype() == DType.F32)
                    .isPresent()) {
                narrowed = edit.addConstant(
                        input + "/fp16", half(node, edit.constant(input).get()));
            } else if (graph.hasValue(input) && isSingle(graph, input)) {
                narrowed = edit.addNode(input + "/fp16", new Cast(DType.F16), input);
            }
            inputs.add(narrowed);
        }
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            String output = node.outputs().get(i);
            if (!isSingle(graph, output) || types.get(i) != DType.F16) {
                outputs.add(output);
                continue;
            }
            String half = edit.freshName(output + "/fp16");
            String cast = edit.freshName(output + "/Cast");
            edit.put(new Node(cast, new Cast(DType.F32), List.of(half), List.of(output)));
            outputs.add(half);
        }
        edit.put(new Node(node.name(), node.op(), inputs, outputs));
    }

    /** The types of a node's outputs once its fp32 inputs are fp16. */
    private static List<DType> narrowed(Graph graph, Node node) {
        Function<String, DType> types = value -> isSingle(graph, value) ? DType.F16 : graph.dtype(value);
        try {
            TypeVerifier.verify(node, types);
            List<Optional<DType>> inputs = node.inputs().stream()
                    .map(input ->
                            Optional.of(input).filter(name -> !name.isEmpty()).map(types))
                    .toList();
            return node.op().outputDTypes(inputs, node.outputs().size());
        } catch (ModelException e) {
            throw new ConfigException(
                    node.describe() + ": fp16 wanted, but " + e.getMessage() + "; declare it fp32", e);
        }
    }

    private static Tensor half(Node node, Tensor tensor) {
        Tensor half = Tensor.allocate(DType.F16, tensor.shape());
        for (long i = 0; i < tensor.elementCount(); i++) {
            float value = tensor.getFloat(i);
            if (Float.isFinite(value) && Math.abs(value) > MAX_HALF) {
                throw new ConfigException(node.describe() + ": fp16 wanted, but its constant " + tensor + " holds "
                        + value + ", beyond fp16's " + MAX_HALF + "; declare it fp32");
            }
            half.setFloat(i, value);
        }
        return half;
    }
}
