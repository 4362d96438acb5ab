package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a float graph into a standard Q/DQ graph: QuantizeLinear and DequantizeLinear in front of the inputs that
 * {@link Placement} names, weights as int8 constants and biases as int32 constants behind a DequantizeLinear.
 */
public final class InsertQdq implements Pass {
    private final QuantizationOptions options;
    private final Map<String, QuantParams.PerTensor> activations;

    /**
     * Creates the pass.
     *
     * @param activations parameters of every value of the graph's {@link Placement}; see {@link ActivationParams}
     */
    public InsertQdq(QuantizationOptions options, Map<String, QuantParams.PerTensor> activations) {
        this.options = options;
        this.activations = Map.copyOf(activations);
    }

    /**
     * Inserts the pairs.
     *
     * @throws ConfigException if a value to be quantized has no parameters, naming the node that reads it
     */
    @Override
    public Graph apply(Graph graph) {
        Placement placement = Placement.of(graph, options);
        GraphEdit edit = new GraphEdit(graph);
        QdqWeights weights = new QdqWeights(graph, edit, options);
        for (String name : placement.integerProducts()) {
            weights.quantize(graph.find(name).orElseThrow(), activations);
        }
        placement.uses().forEach((value, uses) -> insertPairs(edit, value, uses));
        return edit.changed() ? edit.apply() : graph;
    }

    private void insertPairs(GraphEdit edit, String value, List<Placement.Use> uses) {
        QuantParams.PerTensor params = activations.get(value);
        if (params == null) {
            Node node = edit.node(uses.get(0).node());
            throw new ConfigException(
                    node.describe() + ": int8 wanted, but no scale is given for input \"" + value + "\"");
        }
        Map<String, String> shared = new HashMap<>();
        for (Placement.Use use : uses) {
            String pair = options.dedicatedPairs()
                    ? insertPair(edit, value, params)
                    : shared.computeIfAbsent(value, _ -> insertPair(edit, value, params));
            edit.setInput(use.node(), use.input(), pair);
        }
    }

    private static String insertPair(GraphEdit edit, String value, QuantParams.PerTensor params) {
        String scale = edit.addConstant(value + "/scale", Tensor.scalar(params.scale()));
        String zeroPoint = edit.addConstant(value + "/zeroPoint", zeroPoint(params.dtype(), params.zeroPoint()));
        String quantized = edit.addNode(
                value + "/quantized", QuantizeLinear.along(QuantizeLinear.DEFAULT_AXIS), value, scale, zeroPoint);
        return edit.addNode(
                value + "/dequantized",
                DequantizeLinear.along(QuantizeLinear.DEFAULT_AXIS),
                quantized,
                scale,
                zeroPoint);
    }

    private static Tensor zeroPoint(DType dtype, int value) {
        Tensor tensor = Tensor.allocate(dtype, Shape.SCALAR);
        tensor.setLong(0, value);
        return tensor;
    }
}
