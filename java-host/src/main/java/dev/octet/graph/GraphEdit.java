package dev.octet.graph;

import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes to a graph, collected and then applied at once, in time in proportion to what changes. Queries on the original
 * graph stay valid meanwhile; nodes are addressed by name. Applying drops nodes and constants that the changes left
 * unreachable. Not thread-safe.
 */
public final class GraphEdit {
    /** A longer base of a name is cut: names made from names would grow without end. */
    private static final int MAX_BASE = 1024;

    private final Graph original;
    private final Wiring wiring;
    /** Names that the original graph has not. */
    private final Set<String> newNames = new HashSet<>();

    private boolean changed;

    public GraphEdit(Graph graph) {
        this.original = graph;
        this.wiring = graph.wiring();
    }

    public boolean changed() {
        return changed;
    }

    /** The node's present state; throws if it was removed. */
    public Node node(String name) {
        return wiring.find(name).orElseThrow(() -> new IllegalStateException("node " + name + " is not in the graph"));
    }

    public boolean hasNode(String name) {
        return wiring.find(name).isPresent();
    }

    /**
     * A name that no value or node has, equal to {@code base} if that is free and not too long. Reserves it. Takes time in
     * the logarithm of the names made from the same base.
     */
    public String freshName(String base) {
        String cut = base.length() <= MAX_BASE ? base : base.substring(0, MAX_BASE);
        String fresh = isFree(cut) ? cut : cut + "_" + firstFree(cut);
        newNames.add(fresh);
        return fresh;
    }

    private boolean isFree(String name) {
        return !newNames.contains(name)
                && !original.hasValue(name)
                && original.find(name).isEmpty();
    }

    /** A free number behind a taken one, and the first of all where those taken have no gap. */
    private long firstFree(String base) {
        long taken = 0;
        long free = 1;
        while (!isFree(base + "_" + free)) {
            taken = free;
            free *= 2;
        }
        while (free - taken > 1) {
            long middle = (taken + free) / 2;
            if (isFree(base + "_" + middle)) {
                free = middle;
            } else {
                taken = middle;
            }
        }
        return free;
    }

    /**
     * Adds a constant under a fresh name made from {@code base} and returns that name.
     *
     * @throws ModelException of kind LIMIT if what edits made of the model's constants takes too much of the Java heap
     */
    public String addConstant(String base, Tensor tensor) {
        String name = freshName(base);
        wiring.define(name, tensor);
        original.requireMemory(wiring);
        changed = true;
        return name;
    }

    /** A constant of the original graph, or one added since. */
    public Optional<Tensor> constant(String name) {
        return wiring.constant(name);
    }

    /** Adds a node with one output; returns the output's name, fresh and made from {@code base}. */
    public String addNode(String base, Op op, String... inputs) {
        String output = freshName(base);
        String name = freshName(output + "/" + op.type().name());
        wiring.put(new Node(name, op, List.of(inputs), List.of(output)));
        changed = true;
        return output;
    }

    /** Puts a node in place of the one with the same name, or adds it. */
    public void put(Node node) {
        newNames.add(node.name());
        newNames.addAll(node.outputs());
        wiring.put(node);
        changed = true;
    }

    public void remove(Node node) {
        wiring.remove(node.name());
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
        wiring.writer(oldValue)
                .ifPresent(node -> wiring.put(renameOutput(node, oldValue, freshName(oldValue + "/replaced"))));
        Optional<Node> newProducer = wiring.writer(newValue);
        if (newProducer.isPresent() && !original.isOutput(newValue)) {
            wiring.put(renameOutput(newProducer.get(), newValue, oldValue));
            renameInputs(newValue, oldValue);
        } else {
            String name = freshName(oldValue + "/Identity");
            wiring.put(new Node(name, new dev.octet.graph.op.Identity(), List.of(newValue), List.of(oldValue)));
        }
    }

    private void renameInputs(String from, String to) {
        for (Node node : List.copyOf(wiring.readers(from))) {
            wiring.put(new Node(node.name(), node.op(), renamed(node.inputs(), from, to), node.outputs()));
        }
    }

    private static Node renameOutput(Node node, String from, String to) {
        return new Node(node.name(), node.op(), node.inputs(), renamed(node.outputs(), from, to));
    }

    private static List<String> renamed(List<String> names, String from, String to) {
        List<String> renamed = new ArrayList<>(names);
        renamed.replaceAll(name -> name.equals(from) ? to : name);
        return renamed;
    }

    /** The changed graph, without what is no longer reachable from its outputs. */
    public Graph apply() {
        return original.with(wiring);
    }
}
