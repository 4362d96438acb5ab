package dev.octet.profile.verdict;

import dev.octet.profile.KernelTotal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Pairs the ranges of two profiles. A range that names several nodes, as TensorRT writes fused layers
 * ({@code conv1 + relu1}), joins them: whatever shares a node in either profile is one pair.
 */
final class NodePairs {
    private static final Pattern JOINTS = Pattern.compile(" \\+ |\\|\\|");

    private final Map<String, String> parents = new HashMap<>();

    private NodePairs() {}

    static List<NodePair> of(Run before, Run after) {
        NodePairs pairs = new NodePairs();
        pairs.join(before);
        pairs.join(after);
        Map<Optional<String>, List<KernelTotal>> first = pairs.byNode(before);
        Map<Optional<String>, List<KernelTotal>> second = pairs.byNode(after);
        Map<Optional<String>, NodePair> result = new LinkedHashMap<>();
        for (Optional<String> node : joined(first, second)) {
            result.put(
                    node,
                    new NodePair(
                            node,
                            new NodePair.Side(before, first.getOrDefault(node, List.of())),
                            new NodePair.Side(after, second.getOrDefault(node, List.of()))));
        }
        return List.copyOf(result.values());
    }

    private static List<Optional<String>> joined(
            Map<Optional<String>, List<KernelTotal>> first, Map<Optional<String>, List<KernelTotal>> second) {
        List<Optional<String>> nodes = new ArrayList<>(first.keySet());
        second.keySet().stream().filter(node -> !first.containsKey(node)).forEach(nodes::add);
        return nodes;
    }

    private void join(Run run) {
        for (KernelTotal kernel : run.profile().kernels()) {
            kernel.range().ifPresent(range -> {
                for (String part : JOINTS.splitAsStream(range).toList()) {
                    parents.put(root(part.strip()), root(first(range)));
                }
            });
        }
    }

    private static String first(String range) {
        return JOINTS.splitAsStream(range).findFirst().orElse(range).strip();
    }

    private String root(String part) {
        String root = part;
        for (String parent = parents.get(root); parent != null && !parent.equals(root); parent = parents.get(root)) {
            root = parent;
        }
        return root;
    }

    private Map<Optional<String>, List<KernelTotal>> byNode(Run run) {
        Map<Optional<String>, List<KernelTotal>> byNode = new LinkedHashMap<>();
        for (KernelTotal kernel : run.profile().kernels()) {
            Optional<String> node = kernel.range().map(range -> root(first(range)));
            byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(kernel);
        }
        return byNode;
    }
}
