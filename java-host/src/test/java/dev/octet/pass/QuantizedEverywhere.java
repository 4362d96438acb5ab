package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A Q/DQ pair behind every real value, as ONNX Runtime's quantizer writes them. */
final class QuantizedEverywhere {
    private QuantizedEverywhere() {}

    /** The graph with weights quantized by the rules, then a pair behind every value that is not an output. */
    static Graph of(Graph graph, QuantizationOptions options, Map<String, QuantRange> ranges) {
        Graph ruled = QuantizationGraphs.quantize(graph, options, ranges);
        GraphEdit edit = new GraphEdit(ruled);
        Map<String, String> dequantized = new HashMap<>();
        for (Node node : ruled.nodes()) {
            for (int i = 0; i < node.inputs().size(); i++) {
                String input = node.input(i);
                boolean ready = !node.hasInput(i)
                        || ruled.isConstant(input)
                        || ruled.dtype(input) != DType.F32
                        || node.op() instanceof QuantizeLinear
                        || ruled.producer(input)
                                .filter(p -> p.op() instanceof DequantizeLinear)
                                .isPresent();
                Optional<QuantRange> range = Optional.ofNullable(ranges.get(input));
                if (!ready && range.isPresent()) {
                    QuantParams.PerTensor params =
                            options.activations().forObserved(range.get()).fromRange(range.get());
                    edit.setInput(
                            node.name(), i, dequantized.computeIfAbsent(input, value -> pair(edit, value, params)));
                }
            }
        }
        return edit.apply();
    }

    private static String pair(GraphEdit edit, String value, QuantParams.PerTensor params) {
        String scale = edit.addConstant(value + "/anyScale", Tensor.scalar(params.scale()));
        String zeroPoint =
                edit.addConstant(value + "/anyZeroPoint", Tensor.scalar(params.dtype(), params.zeroPoint()));
        String quantized = edit.addNode(value + "/anyQuantized", QuantizeLinear.along(1), value, scale, zeroPoint);
        return edit.addNode(value + "/anyDequantized", DequantizeLinear.along(1), quantized, scale, zeroPoint);
    }
}
