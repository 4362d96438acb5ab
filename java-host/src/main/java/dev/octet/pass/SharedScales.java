package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Groups of quantized values that must have equal parameters so that integers flow: what a Concat joins, and what an
 * operator hands on unchanged.
 */
final class SharedScales {
    private final Graph graph;
    private final Set<String> quantized;
    private final Map<String, String> parents = new HashMap<>();

    SharedScales(Graph graph, Set<String> quantized) {
        this.graph = graph;
        this.quantized = quantized;
    }

    /** The representative of each quantized value's group. */
    Map<String, String> owners() {
        QuantizedBehind behind = new QuantizedBehind(graph);
        quantized.forEach(behind::add);
        // What an operator hands on to quantized values stands for the quantized values that it was handed.
        Map<String, String> handedOn = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (Commuting.is(graph, node) && node.outputs().stream().anyMatch(behind::contains)) {
                joinSources(node, handedOn);
            }
        }
        Map<String, String> owners = new HashMap<>();
        quantized.forEach(value -> owners.put(value, root(value)));
        return owners;
    }

    private void joinSources(Node mover, Map<String, String> handedOn) {
        Set<String> group = new HashSet<>();
        for (int input : Commuting.data(mover)) {
            String source = mover.input(input);
            if (quantized.contains(source)) {
                group.add(source);
            } else if (handedOn.containsKey(source)) {
                group.add(handedOn.getOrDefault(source, source));
            }
        }
        if (group.isEmpty()) {
            return;
        }
        mover.outputs().stream().filter(quantized::contains).forEach(group::add);
        String first = group.iterator().next();
        group.forEach(member -> join(member, first));
        mover.outputs().forEach(output -> handedOn.put(output, first));
    }

    private void join(String a, String b) {
        String root = root(a);
        String other = root(b);
        if (!root.equals(other)) {
            parents.put(root, other);
        }
    }

    /** Makes every second value on the way point to the next but one, so that ways stay short. */
    private String root(String value) {
        String at = value;
        for (String parent = parents.get(at); parent != null; parent = parents.get(at)) {
            String next = parents.getOrDefault(parent, parent);
            if (!next.equals(parent)) {
                parents.put(at, next);
            }
            at = next;
        }
        return at;
    }
}
