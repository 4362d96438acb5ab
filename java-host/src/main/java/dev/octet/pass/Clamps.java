package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/**
 * A run of Relu and Clip as one pair of limits: {@code min(max(x, min), max)}. Quantizing is monotonic, so clamping
 * before it and clamping its integers to the quantized limits is the same to the bit.
 */
record Clamps(float min, float max) {
    static final Clamps NONE = new Clamps(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

    /** The integer limits of an output. */
    record Limits(int qmin, int qmax) {}

    /** These limits followed by a Relu or Clip of a type with constant limits; empty for any other node. */
    Optional<Clamps> then(Graph graph, Node node, DType type) {
        if (!Operators.is(node, "Relu", "Clip") || graph.dtype(node.input(0)) != type) {
            return Optional.empty();
        }
        Optional<Float> low =
                Operators.is(node, "Relu") ? Optional.of(0f) : limit(graph, node.input(1), Float.NEGATIVE_INFINITY);
        Optional<Float> high = limit(graph, node.input(2), Float.POSITIVE_INFINITY);
        if (low.isEmpty() || high.isEmpty() || low.get().isNaN() || high.get().isNaN()) {
            return Optional.empty();
        }
        return Optional.of(new Clamps(
                Math.min(Math.max(min, low.get()), high.get()), Math.min(Math.max(max, low.get()), high.get())));
    }

    private static Optional<Float> limit(Graph graph, String value, float absent) {
        if (value.isEmpty()) {
            return Optional.of(absent);
        }
        return graph.constant(value)
                .filter(tensor -> tensor.elementCount() == 1)
                .map((Tensor tensor) -> tensor.getFloat(0));
    }

    /** The integers that the limits quantize to. */
    Limits quantized(QuantParams.PerTensor params) {
        int lowest = (int) params.dtype().minInteger();
        int highest = (int) params.dtype().maxInteger();
        int qmin = min == Float.NEGATIVE_INFINITY
                ? lowest
                : Quantizer.quantize(min, params.scale(), params.zeroPoint(), lowest, highest);
        int qmax = max == Float.POSITIVE_INFINITY
                ? highest
                : Quantizer.quantize(max, params.scale(), params.zeroPoint(), lowest, highest);
        return new Limits(qmin, qmax);
    }
}
