package dev.octet.runtime;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the steps that compute wider than the model declares. */
final class Fallbacks {
    private static final Set<String> PRODUCTS = Set.of("Conv", "ConvTranspose", "FusedConv", "Gemm", "MatMul");

    private Fallbacks() {}

    /** Products whose data comes from a DequantizeLinear, so that 8 bits were declared, yet run in floating point. */
    static List<Plan.Fallback> find(Graph graph, List<PlanStep> steps) {
        Map<String, Node> nodes = new HashMap<>();
        graph.nodes().forEach(node -> nodes.put(node.name(), node));
        List<Plan.Fallback> fallbacks = new ArrayList<>();
        for (PlanStep step : steps) {
            Optional<Node> node = Optional.ofNullable(nodes.get(step.node()));
            if (PRODUCTS.contains(step.op())
                    && node.filter(n -> isDequantized(graph, n)).isPresent()) {
                fallbacks.add(new Plan.Fallback(
                        step,
                        Precision.INT8,
                        "its input is dequantized, but what surrounds it does not fit an integer operator"));
            }
        }
        return fallbacks;
    }

    private static boolean isDequantized(Graph graph, Node node) {
        return graph.producer(node.input(0))
                .filter(producer -> producer.op().type().name().equals("DequantizeLinear"))
                .isPresent();
    }
}
