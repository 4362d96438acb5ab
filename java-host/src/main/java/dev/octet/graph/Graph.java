package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.JavaHeap;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network: nodes, constants, and declared inputs and outputs. Immutable and safe to share; changed only through {@link
 * GraphEdit}. Building one checks names, references, cycles and element types.
 */
public final class Graph {
    /** A node that reads more is not looked at again at once: each look takes time for each input. */
    private static final int MANY_INPUTS = 16;

    private final String name;
    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final Wiring wiring;
    private final List<String> edited;
    /** What the constants took before any edit. */
    private final long givenBytes;

    /** Computed when asked for: a graph between two edits never is. */
    private volatile Optional<List<Node>> nodes = Optional.empty();

    private volatile Optional<Map<String, Tensor>> constants = Optional.empty();

    /**
     * Builds a graph. Nodes may come in any order.
     *
     * @throws ModelException if two values or nodes share a name, a value is used but not defined, nodes form a cycle,
     *     or element types do not fit an operator
     */
    public Graph(
            String name,
            List<ValueInfo> inputs,
            List<ValueInfo> outputs,
            Collection<Node> nodes,
            Map<String, Tensor> constants) {
        this.name = name;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.edited = List.of();
        Wiring empty = new Wiring(inputs, outputs);
        Wiring whole = new Wiring(inputs, outputs);
        constants.forEach(whole::define);
        for (Node node : nodes) {
            if (whole.find(node.name()).isPresent()) {
                throw new IllegalStateException("two nodes are named " + node.name());
            }
            whole.put(node);
        }
        WiringVerifier.verify(whole, empty);
        this.wiring = new Wiring(whole);
        this.givenBytes = whole.constantBytes();
    }

    /** What an edit made of a graph. */
    private Graph(Graph original, Wiring wiring) {
        this.name = original.name;
        this.inputs = original.inputs;
        this.outputs = original.outputs;
        this.givenBytes = original.givenBytes;
        this.edited = edited(wiring);
        this.wiring = new Wiring(wiring);
    }

    /**
     * The graph with changes.
     *
     * @param changes to a copy of this graph's wiring
     */
    Graph with(Wiring changes) {
        changes.dropUnused();
        WiringVerifier.verify(changes, wiring);
        return new Graph(this, changes);
    }

    private static List<String> edited(Wiring wiring) {
        List<Node> around = new ArrayList<>(wiring.changedNodes());
        for (String value : wiring.changedValues()) {
            wiring.writer(value).ifPresent(around::add);
            Collection<Node> readers = wiring.readers(value);
            if (readers.size() == 1) {
                around.addAll(readers);
            }
        }
        return around.stream()
                .filter(node -> node.inputs().size() <= MANY_INPUTS)
                .map(Node::name)
                .distinct()
                .toList();
    }

    /** This graph without the nodes and constants that no output needs; itself if it has none such. */
    public Graph withoutUnused() {
        Wiring all = new Wiring(wiring);
        all.touchAll();
        all.dropUnused();
        boolean same = all.nodes().size() == wiring.nodes().size()
                && all.constants().size() == constants().size();
        return same ? this : new Graph(this, all);
    }

    /** A copy of who reads what, to be changed. */
    Wiring wiring() {
        return new Wiring(wiring);
    }

    /**
     * Refuses changes whose constants take half the Java heap more than the model had.
     *
     * @throws ModelException of kind LIMIT
     */
    void requireMemory(Wiring changes) {
        long madeBytes = changes.constantBytes() - givenBytes;
        if (madeBytes > JavaHeap.limitBytes() / 2) {
            throw ModelException.limit("what is made of the model's constants takes " + madeBytes
                    + " bytes more than they, over half of " + JavaHeap.limit());
        }
    }

    public String name() {
        return name;
    }

    public List<ValueInfo> inputs() {
        return inputs;
    }

    public List<ValueInfo> outputs() {
        return outputs;
    }

    /**
     * The nodes in topological order: that in which they were given where it is valid, and any other right before the
     * first that needs it.
     */
    public List<Node> nodes() {
        List<Node> sorted = nodes.orElseGet(() -> TopologicalOrder.of(wiring.nodes()));
        nodes = Optional.of(sorted);
        return sorted;
    }

    /**
     * The names of the nodes that a rewriting rule may match now because of the edit that made this graph: those that it
     * changed, and those around values whose readers it changed. Empty for a graph that was built whole.
     */
    public List<String> edited() {
        return edited;
    }

    /** The node with this name. */
    public Optional<Node> find(String nodeName) {
        return wiring.find(nodeName);
    }

    /** All constants by name, in the model's order. */
    public Map<String, Tensor> constants() {
        Map<String, Tensor> ordered = constants.orElseGet(() -> Collections.unmodifiableMap(wiring.constants()));
        constants = Optional.of(ordered);
        return ordered;
    }

    public Optional<Tensor> constant(String value) {
        return wiring.constant(value);
    }

    public boolean isConstant(String value) {
        return wiring.isConstant(value);
    }

    public boolean isOutput(String value) {
        return wiring.isOutput(value);
    }

    /** The node that writes a value; empty for inputs and constants. */
    public Optional<Node> producer(String value) {
        return wiring.writer(value);
    }

    /** The nodes that read a value, each once, always in the same order: a view, whatever the number. */
    public Collection<Node> consumers(String value) {
        return wiring.readers(value);
    }

    /** The one node that reads a value, if there is exactly one and the value is not a graph output. */
    public Optional<Node> onlyConsumer(String value) {
        Collection<Node> users = consumers(value);
        return users.size() == 1 && !isOutput(value)
                ? Optional.of(users.iterator().next())
                : Optional.empty();
    }

    /**
     * The element type of a value.
     *
     * @throws IllegalArgumentException if the graph has no such value
     */
    public DType dtype(String value) {
        return wiring.dtype(value).orElseThrow(() -> new IllegalArgumentException("no value is named " + value));
    }

    public boolean hasValue(String value) {
        return wiring.dtype(value).isPresent();
    }
}
