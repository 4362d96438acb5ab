package dev.octet.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts nodes behind those they read from, in the given order where that is valid: a node that has to come earlier comes
 * right before the first that needs it. A depth-first walk against the edges, with a stack of its own.
 */
final class TopologicalOrder {
    private static final int MAX_NAMED = 8;

    private enum State {
        NEW,
        OPEN,
        DONE
    }

    private final List<Node> nodes;
    private final Map<String, Integer> writers;
    private final State[] states;
    private final int[] inputsSeen;
    private final int[] open;
    private final List<Node> order;
    private int depth;

    private TopologicalOrder(Collection<Node> given) {
        this.nodes = List.copyOf(given);
        this.writers = HashMap.newHashMap(nodes.size());
        this.states = new State[nodes.size()];
        this.inputsSeen = new int[nodes.size()];
        this.open = new int[nodes.size()];
        this.order = new ArrayList<>(nodes.size());
        Arrays.fill(states, State.NEW);
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                writers.put(output, i);
            }
        }
        writers.remove("");
    }

    /**
     * Sorts. What nodes read that none of them writes does not matter.
     *
     * @throws ModelException if nodes form a cycle
     */
    static List<Node> of(Collection<Node> nodes) {
        TopologicalOrder sort = new TopologicalOrder(nodes);
        for (int i = 0; i < sort.states.length; i++) {
            if (sort.states[i] == State.NEW) {
                sort.enter(i);
                sort.finish();
            }
        }
        return List.copyOf(sort.order);
    }

    private void enter(int node) {
        states[node] = State.OPEN;
        open[depth++] = node;
    }

    private void finish() {
        while (depth > 0) {
            int node = open[depth - 1];
            List<String> inputs = nodes.get(node).inputs();
            if (inputsSeen[node] == inputs.size()) {
                states[node] = State.DONE;
                order.add(nodes.get(node));
                depth--;
                continue;
            }
            Integer writer = writers.get(inputs.get(inputsSeen[node]++));
            if (writer != null && states[writer] == State.OPEN) {
                throw cycle(writer);
            }
            if (writer != null && states[writer] == State.NEW) {
                enter(writer);
            }
        }
    }

    private ModelException cycle(int through) {
        List<String> cycle = IntStream.range(0, depth)
                .dropWhile(i -> open[i] != through)
                .map(i -> open[i])
                .sorted()
                .limit(MAX_NAMED)
                .mapToObj(node -> nodes.get(node).describe())
                .toList();
        return ModelException.invalid("the graph has a cycle through " + String.join(", ", cycle));
    }
}
