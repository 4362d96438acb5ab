package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The nodes and constants of a graph, who writes and who reads each value, and the values' types. A copy shares all that
 * it does not change, and a change takes time in the logarithm of the graph's size: so an edit of a few nodes costs little
 * however large the graph is. Not thread-safe while it changes; keeps account of what changed since it was copied.
 *
 * <p>The maps are persistent trees (Okasaki, "Purely Functional Data Structures", 1998, chapter 3): names that a hostile
 * file makes collide cost a comparison more, not a walk of all that collide.
 */
final class Wiring {
    /** Hashes first: made names begin alike for long. */
    private static final Comparator<String> BY_HASH = (a, b) -> {
        int order = Integer.compare(a.hashCode(), b.hashCode());
        return order != 0 ? order : a.compareTo(b);
    };

    /** Below this a list is searched, above a set is made of it. */
    private static final int FEW = 8;

    private final Map<String, DType> inputs;
    private final Set<String> outputs;
    /** By the order in which they were added; a node that takes another's place keeps it. */
    private TreePMap<Long, Node> nodes = TreePMap.empty();

    private TreePMap<String, Long> places = TreePMap.empty(BY_HASH);
    private TreePMap<String, Node> writers = TreePMap.empty(BY_HASH);
    private TreePMap<String, TreePSet<Long>> readers = TreePMap.empty(BY_HASH);
    private TreePMap<String, Constant> constants = TreePMap.empty(BY_HASH);
    private TreePMap<String, DType> dtypes = TreePMap.empty(BY_HASH);
    private long added;
    private long constantBytes;

    private final Set<String> changedNodes = new LinkedHashSet<>();
    /** Values that gained or lost a reader or their writer. */
    private final Set<String> changedValues = new LinkedHashSet<>();

    private record Constant(long place, Tensor tensor) {}

    Wiring(Collection<ValueInfo> inputs, Collection<ValueInfo> outputs) {
        Map<String, DType> types = new LinkedHashMap<>();
        for (ValueInfo input : inputs) {
            if (types.put(input.name(), input.dtype()) != null) {
                throw definedTwice(input.name());
            }
        }
        this.inputs = types;
        this.outputs = new HashSet<>();
        outputs.forEach(output -> this.outputs.add(output.name()));
        changedValues.addAll(this.outputs);
        types.forEach((name, dtype) -> dtypes = dtypes.plus(name, dtype));
    }

    Wiring(Wiring other) {
        this.inputs = other.inputs;
        this.outputs = other.outputs;
        this.nodes = other.nodes;
        this.places = other.places;
        this.writers = other.writers;
        this.readers = other.readers;
        this.constants = other.constants;
        this.dtypes = other.dtypes;
        this.added = other.added;
        this.constantBytes = other.constantBytes;
    }

    private static ModelException definedTwice(String value) {
        return ModelException.invalid("tensor \"" + Names.escape(value) + "\" is defined twice");
    }

    /** The nodes in the order in which they were added. */
    Collection<Node> nodes() {
        return nodes.values();
    }

    Optional<Node> find(String name) {
        return Optional.ofNullable(places.get(name)).map(this::at);
    }

    private Node at(Long place) {
        return Optional.ofNullable(nodes.get(place)).orElseThrow();
    }

    Optional<Node> writer(String value) {
        return Optional.ofNullable(writers.get(value));
    }

    /** The nodes that read a value, each once, in the order in which they were added: a view. */
    Collection<Node> readers(String value) {
        return new NodesByPlace(placesOfReaders(value), nodes);
    }

    private TreePSet<Long> placesOfReaders(String value) {
        return Optional.ofNullable(readers.get(value)).orElseGet(TreePSet::empty);
    }

    Optional<Tensor> constant(String name) {
        return Optional.ofNullable(constants.get(name)).map(Constant::tensor);
    }

    boolean isConstant(String name) {
        return constants.containsKey(name);
    }

    /** All constants in the order in which they were added. */
    Map<String, Tensor> constants() {
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        constants.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> entry.getValue().place))
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue().tensor));
        return ordered;
    }

    /** The size of all constants. */
    long constantBytes() {
        return constantBytes;
    }

    Optional<DType> dtype(String value) {
        return Optional.ofNullable(dtypes.get(value));
    }

    void setDType(String value, DType dtype) {
        dtypes = dtypes.plus(value, dtype);
    }

    boolean isOutput(String value) {
        return outputs.contains(value);
    }

    boolean isDefined(String value) {
        return writers.containsKey(value) || isGiven(value);
    }

    /** Whether a value is an input of the graph or a constant. */
    boolean isGiven(String value) {
        return constants.containsKey(value) || inputs.containsKey(value);
    }

    private boolean isNeeded(String value) {
        return readers.containsKey(value) || outputs.contains(value);
    }

    /** Adds a constant whose name nothing else has. */
    void define(String name, Tensor tensor) {
        if (isDefined(name)) {
            throw definedTwice(name);
        }
        constants = constants.plus(name, new Constant(added++, tensor));
        dtypes = dtypes.plus(name, tensor.dtype());
        constantBytes += tensor.data().byteSize();
        changedValues.add(name);
    }

    /** Adds a node, or puts it in the place of the one of its name. */
    void put(Node node) {
        Optional<Long> known = Optional.ofNullable(places.get(node.name()));
        long place = known.orElseGet(() -> added++);
        List<String> before = List.of();
        if (known.isPresent()) {
            Node old = at(place);
            before = old.inputs();
            stopWriting(old);
        } else {
            places = places.plus(node.name(), place);
        }
        nodes = nodes.plus(place, node);
        changedNodes.add(node.name());
        rewire(place, before, node.inputs());
        for (String output : node.outputs()) {
            startWriting(node, output);
        }
    }

    private void startWriting(Node node, String output) {
        if (output.isEmpty()) {
            return;
        }
        writer(output).ifPresent(other -> changedNodes.add(other.name()));
        writers = writers.plus(output, node);
        changedValues.add(output);
    }

    private void stopWriting(Node node) {
        for (String output : node.outputs()) {
            if (writer(output).filter(writer -> writer == node).isPresent()) {
                writers = writers.minus(output);
                changedValues.add(output);
            }
        }
    }

    /** Makes a node read other values; takes little time for what stays where it is. */
    private void rewire(Long place, List<String> before, List<String> after) {
        List<String> lost = new ArrayList<>();
        List<String> gained = new ArrayList<>();
        for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
            String old = i < before.size() ? before.get(i) : "";
            String now = i < after.size() ? after.get(i) : "";
            if (!old.equals(now)) {
                lost.add(old);
                gained.add(now);
            }
        }
        Collection<String> kept = lost.size() < FEW ? after : new HashSet<>(after);
        for (String value : lost) {
            if (!value.isEmpty() && !kept.contains(value)) {
                TreePSet<Long> fewer = placesOfReaders(value).minus(place);
                readers = fewer.isEmpty() ? readers.minus(value) : readers.plus(value, fewer);
                changedValues.add(value);
            }
        }
        for (String value : gained) {
            if (!value.isEmpty()) {
                readers = readers.plus(value, placesOfReaders(value).plus(place));
                changedValues.add(value);
            }
        }
    }

    void remove(String name) {
        Long place = places.get(name);
        if (place == null) {
            return;
        }
        Node node = at(place);
        places = places.minus(name);
        nodes = nodes.minus(place);
        changedNodes.add(name);
        stopWriting(node);
        rewire(place, node.inputs(), List.of());
    }

    /** Removes the nodes and constants that changes left without a reader, and those that only they read. */
    void dropUnused() {
        changedNodes().forEach(this::writeWhatNobodyWrites);
        List<String> pending = new ArrayList<>(changedNodes);
        List.copyOf(changedValues).forEach(value -> pendingWriter(value, pending));
        while (!pending.isEmpty()) {
            Optional<Node> node = find(pending.removeLast());
            if (node.isPresent() && node.get().outputs().stream().noneMatch(this::isNeeded)) {
                remove(node.get().name());
                node.get().inputs().forEach(value -> pendingWriter(value, pending));
            }
        }
        for (String value : changedValues) {
            if (!isNeeded(value) && isConstant(value)) {
                constantBytes -= constant(value).orElseThrow().data().byteSize();
                constants = constants.minus(value);
            }
            if (!isDefined(value)) {
                dtypes = dtypes.minus(value);
            }
        }
    }

    /** A value that two nodes wrote for a while is the first one's again. */
    private void writeWhatNobodyWrites(Node node) {
        for (String output : node.outputs()) {
            if (!output.isEmpty() && !writers.containsKey(output)) {
                writers = writers.plus(output, node);
            }
        }
    }

    private void pendingWriter(String value, List<String> pending) {
        if (!isNeeded(value)) {
            writer(value).ifPresent(writer -> pending.add(writer.name()));
        }
    }

    /** Counts all nodes and constants among what changed. */
    void touchAll() {
        nodes.values().forEach(node -> changedNodes.add(node.name()));
        changedValues.addAll(constants.keySet());
    }

    List<Node> changedNodes() {
        return changedNodes.stream().flatMap(name -> find(name).stream()).toList();
    }

    Set<String> changedValues() {
        return changedValues;
    }
}
