package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.HashMap;
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
        quantized.forEach(value -> joinSources(value, value));
        Map<String, String> owners = new HashMap<>();
        quantized.forEach(value -> owners.put(value, root(value)));
        return owners;
    }

    private void joinSources(String value, String group) {
        Node producer = graph.producer(value).filter(node -> Commuting.is(graph, node)).orElse(null);
        if (producer == null) {
            return;
        }
        for (int input : Commuting.data(producer)) {
            String source = producer.input(input);
            if (quantized.contains(source)) {
                parents.put(root(source), root(group));
            } else {
                joinSources(source, group);
            }
        }
    }

    private String root(String value) {
        String parent = parents.get(value);
        return parent == null || parent.equals(value) ? value : root(parent);
    }
}
