package dev.octet.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts nodes behind those they read from. */
final class NodeOrder {
    private NodeOrder() {}

    /**
     * Sorts nodes, keeping a valid order as it is. Nodes on a cycle, and those behind one, come last in the given order:
     * the graph's own check names them.
     */
    static List<FunctionInliner.Scoped> sorted(List<FunctionInliner.Scoped> nodes) {
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).node().outputs()) {
                producers.putIfAbsent(output, i);
            }
        }
        int[] missing = new int[nodes.size()];
        List<List<Integer>> readers = new ArrayList<>();
        nodes.forEach(_ -> readers.add(new ArrayList<>()));
        boolean ordered = true;
        for (int i = 0; i < nodes.size(); i++) {
            Set<String> inputs = new HashSet<>(nodes.get(i).node().inputs());
            inputs.remove("");
            for (String input : inputs) {
                Integer producer = producers.get(input);
                if (producer != null) {
                    missing[i]++;
                    readers.get(producer).add(i);
                    ordered &= producer < i;
                }
            }
        }
        return ordered ? nodes : topological(nodes, missing, readers);
    }

    private static List<FunctionInliner.Scoped> topological(
            List<FunctionInliner.Scoped> nodes, int[] missing, List<List<Integer>> readers) {
        ArrayDeque<Integer> ready = new ArrayDeque<>();
        for (int i = 0; i < missing.length; i++) {
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        Set<Integer> order = new LinkedHashSet<>();
        while (!ready.isEmpty()) {
            int next = ready.remove();
            order.add(next);
            for (int reader : readers.get(next)) {
                if (--missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        for (int i = 0; i < missing.length; i++) {
            order.add(i);
        }
        return order.stream().map(nodes::get).toList();
    }
}
