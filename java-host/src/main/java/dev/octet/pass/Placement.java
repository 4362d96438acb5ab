package dev.octet.pass;

import dev.octet.graph.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where Q/DQ pairs belong in a float graph: known before calibration, so that only the values that need a range are
 * observed. The rules, after TensorRT's for explicit quantization: every activation input of Conv, ConvTranspose, Gemm
 * and MatMul; the residual input of an Add that fuses with the product before it; nothing behind outputs; values that
 * one Concat joins, or that a scale-preserving operator hands on, share a scale.
 */
public final class Placement {
    /**
     * One input that reads quantized values.
     *
     * @param input index among the node's inputs
     */
    public record Use(String node, int input, String why) {}

    private final Map<String, List<Use>> uses;
    private final Map<String, String> scaleOwners;
    private final Set<String> integerProducts;
    private final List<NodePrecision> nodes;

    Placement(
            Map<String, List<Use>> uses,
            Map<String, String> scaleOwners,
            Set<String> integerProducts,
            List<NodePrecision> nodes) {
        this.uses = Collections.unmodifiableMap(uses);
        this.scaleOwners = Collections.unmodifiableMap(scaleOwners);
        this.integerProducts = Collections.unmodifiableSet(integerProducts);
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Applies the rules to a float graph.
     *
     * @throws dev.octet.tensor.ConfigException if a node declared int8 cannot be, naming it and the reason
     */
    public static Placement of(Graph graph, QuantizationOptions options) {
        return new PlacementRules(graph, options).place();
    }

    /** The values to quantize, in topological order of their first use, with the inputs that read them so. */
    public Map<String, List<Use>> uses() {
        return uses;
    }

    /** The values that need a range, each with the reason. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        uses.forEach((value, list) -> values.put(value, list.get(0).why()));
        return values;
    }

    /** The value whose parameters this one shares; itself if none. */
    String scaleOwner(String value) {
        return scaleOwners.getOrDefault(value, value);
    }

    /** The names of the linear nodes whose weights are quantized. */
    Set<String> integerProducts() {
        return integerProducts;
    }

    /** Every node that computes real numbers, in topological order, with its precision and the reason. */
    public List<NodePrecision> nodes() {
        return nodes;
    }
}
