package dev.octet.graph;

import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes to a graph, collected and then applied at once. Queries on the original graph stay valid meanwhile; nodes are
 * addressed by name. Applying drops nodes and constants that nothing reaches any more. Not thread-safe.
 */
public final class GraphEdit {
    private final Graph original;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Tensor> constants;
    /** Names that the original graph has not. */
    private final Set<String> newNames = new HashSet<>();

    private boolean changed;

    public GraphEdit(Graph graph) {
        this.original = graph;
        this.constants = new LinkedHashMap<>(graph.constants());
        for (Node node : graph.nodes()) {
            nodes.put(node.name(), node);
        }
    }

    public boolean changed() {
        return changed;
    }

    /** The node's present state; throws if it was removed. */
    public Node node(String name) {
        return Optional.ofNullable(nodes.get(name))
                .orElseThrow(() -> new IllegalStateException("node " + name + " is not in the graph"));
    }

    public boolean hasNode(String name) {
        return nodes.containsKey(name);
    }

    /** A name that no value or node has, equal to {@code base} if that is free. Reserves it. */
    public String freshName(String base) {
        String candidate = base;
        for (int i = 1; !reserve(candidate); i++) {
            candidate = base + "_" + i;
        }
        return candidate;
    }

    private boolean reserve(String name) {
        return !original.hasValue(name) && original.find(name).isEmpty() && newNames.add(name);
    }

    /** Adds a constant under a fresh name made from {@code base} and returns that name. */
    public String addConstant(String base, Tensor tensor) {
        String name = freshName(base);
        constants.put(name, tensor);
        changed = true;
        return name;
    }

    /** A constant of the original graph, or one added since. */
    public Optional<Tensor> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /** Adds a node with one output; returns the output's name, fresh and made from {@code base}. */
    public String addNode(String base, Op op, String... inputs) {
        String output = freshName(base);
        String name = freshName(output + "/" + op.type().name());
        nodes.put(name, new Node(name, op, List.of(inputs), List.of(output)));
        changed = true;
        return output;
    }

    /** Puts a node in place of the one with the same name, or adds it. */
    public void put(Node node) {
        newNames.add(node.name());
        newNames.addAll(node.outputs());
        nodes.put(node.name(), node);
        changed = true;
    }

    public void remove(Node node) {
        nodes.remove(node.name());
        changed = true;
    }

    /** Makes one input of a node another value. */
    public void setInput(String nodeName, int index, String value) {
        Node node = node(nodeName);
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(index, value);
        put(new Node(node.name(), node.op(), inputs, node.outputs()));
    }

    /** Replaces an operator, keeping inputs and outputs. */
    public void setOp(String nodeName, Op op) {
        Node node = node(nodeName);
        put(new Node(node.name(), op, node.inputs(), node.outputs()));
    }

    /**
     * Makes every reader of {@code oldValue} read {@code newValue}. A graph output keeps its name: the producer of the
     * new value then writes under the old name, or an Identity copies an input or constant.
     */
    public void replaceUses(String oldValue, String newValue) {
        changed = true;
        renameInputs(oldValue, newValue);
        if (!original.isOutput(oldValue)) {
            return;
        }
        Optional<Node> oldProducer = producer(oldValue);
        oldProducer.ifPresent(
                node -> nodes.put(node.name(), rename(node, oldValue, freshName(oldValue + "/replaced"), true)));
        Optional<Node> newProducer = producer(newValue);
        if (newProducer.isPresent() && !original.isOutput(newValue)) {
            Node producer = newProducer.get();
            nodes.put(producer.name(), rename(producer, newValue, oldValue, true));
            renameInputs(newValue, oldValue);
        } else {
            String name = freshName(oldValue + "/Identity");
            nodes.put(name, new Node(name, new dev.octet.graph.op.Identity(), List.of(newValue), List.of(oldValue)));
        }
    }

    private void renameInputs(String from, String to) {
        nodes.replaceAll((_, node) -> node.inputs().contains(from) ? rename(node, from, to, false) : node);
    }

    private Optional<Node> producer(String value) {
        for (Node node : nodes.values()) {
            if (node.outputs().contains(value)) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private static Node rename(Node node, String from, String to, boolean outputs) {
        List<String> names = outputs ? node.outputs() : node.inputs();
        List<String> renamed =
                names.stream().map(name -> name.equals(from) ? to : name).toList();
        return outputs
                ? new Node(node.name(), node.op(), node.inputs(), renamed)
                : new Node(node.name(), node.op(), renamed, node.outputs());
    }

    /** The changed graph, without what is no longer reachable from its outputs. */
    public Graph apply() {
        Map<String, Node> producers = HashMap.newHashMap(nodes.size());
        for (Node node : nodes.values()) {
            for (String output : node.outputs()) {
                producers.put(output, node);
            }
        }
        Set<String> liveNodes = new HashSet<>();
        Set<String> liveValues = new HashSet<>();
        List<String> pending = new ArrayList<>();
        original.outputs().forEach(output -> pending.add(output.name()));
        while (!pending.isEmpty()) {
            String value = pending.removeLast();
            if (!liveValues.add(value)) {
                continue;
            }
            Node producer = producers.get(value);
            if (producer != null && liveNodes.add(producer.name())) {
                pending.addAll(producer.inputs());
            }
        }
        List<Node> kept = nodes.values().stream()
                .filter(node -> liveNodes.contains(node.name()))
                .toList();
        Map<String, Tensor> keptConstants = new LinkedHashMap<>(constants);
        keptConstants.keySet().retainAll(liveValues);
        return new Graph(original.name(), original.inputs(), original.outputs(), kept, keptConstants);
    }
}
