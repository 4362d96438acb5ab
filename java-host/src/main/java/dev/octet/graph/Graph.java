package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network: nodes in topological order, constants, and declared inputs and outputs. Immutable and safe to share;
 * changed only through {@link GraphEdit}. Building one checks names, references, cycles and element types.
 */
public final class Graph {
    private final String name;
    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final List<Node> nodes;
    private final Map<String, Tensor> constants;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();
    private final Map<String, Node> nodesByName = new HashMap<>();
    private final Map<String, DType> dtypes = new HashMap<>();
    private final Set<String> outputNames = new HashSet<>();

    /**
     * Builds a graph. Nodes may come in any order; they are sorted, keeping the given order where it is valid.
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
        this.constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        for (ValueInfo input : inputs) {
            define(input.name(), input.dtype());
        }
        this.constants.forEach((value, tensor) -> define(value, tensor.dtype()));
        indexProducers(nodes);
        this.nodes = List.copyOf(sorted(nodes));
        this.nodes.forEach(this::inferDTypes);
        for (ValueInfo output : outputs) {
            if (!dtypes.containsKey(output.name())) {
                throw ModelException.invalid("graph output \"" + Names.escape(output.name()) + "\" is not produced");
            }
            outputNames.add(output.name());
        }
    }

    private void define(String value, DType dtype) {
        if (dtypes.put(value, dtype) != null) {
            throw ModelException.invalid("tensor \"" + Names.escape(value) + "\" is defined twice");
        }
    }

    private void indexProducers(Collection<Node> unsorted) {
        for (Node node : unsorted) {
            if (nodesByName.put(node.name(), node) != null) {
                throw new IllegalStateException("two nodes are named " + node.name());
            }
            for (String output : node.outputs()) {
                if (output.isEmpty()) {
                    continue;
                }
                Node other = producers.put(output, node);
                if (other != null) {
                    throw ModelException.invalid("tensor \"" + Names.escape(output) + "\" is written by "
                            + other.describe() + " and by " + node.describe());
                }
                if (dtypes.containsKey(output)) {
                    throw ModelException.invalid(node.describe() + " writes tensor \"" + Names.escape(output)
                            + "\", which is a graph input or an initializer");
                }
            }
        }
    }

    /** The nodes in the given order if that is valid, else sorted. */
    private List<Node> sorted(Collection<Node> unsorted) {
        IdentityHashMap<Node, Integer> missing = new IdentityHashMap<>(unsorted.size());
        Set<String> written = new HashSet<>();
        boolean inOrder = true;
        for (Node node : unsorted) {
            int produced = 0;
            for (String input : node.inputs()) {
                if (input.isEmpty()) {
                    continue;
                }
                if (producers.containsKey(input)) {
                    produced++;
                    inOrder &= written.contains(input);
                } else if (!dtypes.containsKey(input)) {
                    throw ModelException.invalid(
                            node.describe() + " reads tensor \"" + Names.escape(input) + "\", which nobody produces");
                }
                addConsumer(input, node);
            }
            missing.put(node, produced);
            written.addAll(node.outputs());
        }
        return inOrder ? List.copyOf(unsorted) : topological(unsorted, missing);
    }

    private void addConsumer(String input, Node node) {
        List<Node> users = consumers.computeIfAbsent(input, _ -> new ArrayList<>(1));
        if (users.isEmpty() || users.getLast() != node) {
            users.add(node);
        }
    }

    /**
     * Sorts.
     *
     * @param missing how many inputs of each node another node writes; used up
     */
    private List<Node> topological(Collection<Node> unsorted, Map<Node, Integer> missing) {
        ArrayDeque<Node> ready = new ArrayDeque<>();
        for (Node node : unsorted) {
            if (missing.getOrDefault(node, 0) == 0) {
                ready.add(node);
            }
        }
        List<Node> order = new ArrayList<>(unsorted.size());
        while (!ready.isEmpty()) {
            Node node = ready.remove();
            order.add(node);
            for (String output : node.outputs()) {
                for (Node user : consumers.getOrDefault(output, List.of())) {
                    int uses = Collections.frequency(user.inputs(), output);
                    if (output.isEmpty() || missing.merge(user, -uses, Integer::sum) != 0) {
                        continue;
                    }
                    ready.add(user);
                }
            }
        }
        if (order.size() < unsorted.size()) {
            Set<Node> placed = new HashSet<>(order);
            List<String> cycle = unsorted.stream()
                    .filter(node -> !placed.contains(node))
                    .limit(8)
                    .map(Node::describe)
                    .toList();
            throw ModelException.invalid("the graph has a cycle through " + String.join(", ", cycle));
        }
        return order;
    }

    private void inferDTypes(Node node) {
        List<Optional<DType>> types = new ArrayList<>(node.inputs().size());
        for (String input : node.inputs()) {
            types.add(input.isEmpty() ? Optional.empty() : Optional.of(dtype(input)));
        }
        List<DType> results;
        try {
            results = node.op().outputDTypes(types, node.outputs().size());
        } catch (ModelException e) {
            throw e.at(node.describe());
        }
        for (int i = 0; i < results.size(); i++) {
            if (!node.outputs().get(i).isEmpty()) {
                dtypes.put(node.outputs().get(i), results.get(i));
            }
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

    /** The nodes in topological order. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The node with this name. */
    public Optional<Node> find(String nodeName) {
        return Optional.ofNullable(nodesByName.get(nodeName));
    }

    /** All constants by name, in the model's order. */
    public Map<String, Tensor> constants() {
        return constants;
    }

    public Optional<Tensor> constant(String value) {
        return Optional.ofNullable(constants.get(value));
    }

    public boolean isConstant(String value) {
        return constants.containsKey(value);
    }

    public boolean isOutput(String value) {
        return outputNames.contains(value);
    }

    /** The node that writes a value; empty for inputs and constants. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The nodes that read a value, each once, in topological order. */
    public List<Node> consumers(String value) {
        return Collections.unmodifiableList(consumers.getOrDefault(value, List.of()));
    }

    /** The one node that reads a value, if there is exactly one and the value is not a graph output. */
    public Optional<Node> onlyConsumer(String value) {
        List<Node> users = consumers(value);
        return users.size() == 1 && !isOutput(value) ? Optional.of(users.get(0)) : Optional.empty();
    }

    /**
     * The element type of a value.
     *
     * @throws IllegalArgumentException if the graph has no such value
     */
    public DType dtype(String value) {
        DType dtype = dtypes.get(value);
        if (dtype == null) {
            throw new IllegalArgumentException("no value is named " + value);
        }
        return dtype;
    }

    public boolean hasValue(String value) {
        return dtypes.containsKey(value);
    }
}
