package dev.octet.runtime;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the steps that compute wider than the model declares, or elsewhere than on the plan's device. */
final class Fallbacks {
    private static final Set<String> PRODUCTS =
            Set.of("Conv", "ConvTranspose", "FusedConv", "FusedMatMul", "Gemm", "MatMul", "PermutedMatMul");

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

    /** Steps of a device's plan that the host computes. */
    static List<Plan.Fallback> onHost(String device, List<? extends Step> steps) {
        return steps.stream()
                .filter(HostStep.class::isInstance)
                .map(Step::info)
                .map(step -> new Plan.Fallback(
                        step,
                        step.precision(),
                        step.kernel().equals(PlanStep.AT_RUN_TIME)
                                ? "its shapes depend on data, so it runs on the CPU"
                                : device + " has no kernel for it, so it runs on the CPU"))
                .toList();
    }

    private static boolean isDequantized(Graph graph, Node node) {
        return graph.producer(node.input(0))
                .filter(producer -> producer.op().type().name().equals("DequantizeLinear"))
                .isPresent();
    }
}
