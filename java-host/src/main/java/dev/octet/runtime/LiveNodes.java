package dev.octet.runtime;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes that a run has to compute, and numbers for the values they touch. */
final class LiveNodes {
    private final Graph graph;
    private final ShapeInference.Result inferred;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    LiveNodes(Graph graph, ShapeInference.Result inferred) {
        this.graph = graph;
        this.inferred = inferred;
        Set<String> live = new HashSet<>();
        graph.outputs().forEach(output -> live.add(output.name()));
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(value -> live.contains(value) && !isKnown(value))) {
                nodes.add(node);
                node.inputs().stream().filter(value -> !value.isEmpty()).forEach(live::add);
            }
        }
        Collections.reverse(nodes);
        graph.inputs().stream().map(ValueInfo::name).filter(live::contains).forEach(this::assign);
        for (Node node : nodes) {
            node.inputs().forEach(this::assign);
            node.outputs().forEach(this::assign);
        }
        graph.outputs().forEach(output -> assign(output.name()));
    }

    private void assign(String value) {
        if (!value.isEmpty()) {
            numbers.putIfAbsent(value, numbers.size());
        }
    }

    /** In the order of computation. */
    List<Node> nodes() {
        return nodes;
    }

    /** The values by ascending number. */
    Set<String> values() {
        return numbers.keySet();
    }

    /** The numbers of values, -1 for one without a name. */
    int[] numbers(List<String> values) {
        return values.stream().mapToInt(this::number).toArray();
    }

    int number(String value) {
        return value.isEmpty() ? -1 : Optional.ofNullable(numbers.get(value)).orElseThrow();
    }

    /** Whether a value is an output of the graph. */
    boolean isOutput(String value) {
        return graph.isOutput(value);
    }

    /** Whether a value is the same in every run. */
    boolean isKnown(String value) {
        return inferred.known().containsKey(value);
    }

    /** The value of a {@linkplain #isKnown known} value. */
    Tensor known(String value) {
        return Optional.ofNullable(inferred.known().get(value)).orElseThrow();
    }

    /** A value's type, unless it depends on data. */
    Optional<TensorType> type(String value) {
        return Optional.ofNullable(inferred.types().get(value));
    }

    /** From which step to which each value that is computed and whose size is known needs memory. */
    List<ArenaLayout.Lifetime> lifetimes() {
        Map<String, Integer> first = new HashMap<>();
        Map<String, Integer> last = new HashMap<>();
        graph.inputs().forEach(input -> first.put(input.name(), -1));
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                first.put(output, i);
            }
            for (String input : nodes.get(i).inputs()) {
                last.put(input, i);
            }
        }
        List<ArenaLayout.Lifetime> lifetimes = new ArrayList<>();
        for (String value : numbers.keySet()) {
            Optional<TensorType> type = type(value);
            Integer start = first.get(value);
            if (!isKnown(value) && type.isPresent() && start != null) {
                int end = Math.max(start, last.getOrDefault(value, start));
                lifetimes.add(new ArenaLayout.Lifetime(value, type.get().sizeBytes(), start, end));
            }
        }
        return lifetimes;
    }

    /** The sum of all known values. */
    long knownBytes() {
        return numbers.keySet().stream()
                .filter(this::isKnown)
                .mapToLong(value -> known(value).data().byteSize())
                .reduce(0, Math::addExact);
    }

    /** The number of each graph input that a run reads. */
    Map<String, Integer> inputs() {
        Map<String, Integer> inputs = new LinkedHashMap<>();
        for (ValueInfo input : graph.inputs()) {
            Integer number = numbers.get(input.name());
            if (number != null) {
                inputs.put(input.name(), number);
            }
        }
        return inputs;
    }

    /** For each node the graph outputs it computes; one more entry in front for those there beforehand. */
    List<List<Program.Output>> outputsByStep() {
        List<List<Program.Output>> byStep = new ArrayList<>();
        for (int i = 0; i <= nodes.size(); i++) {
            byStep.add(new ArrayList<>());
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String value : nodes.get(i).outputs()) {
                places.put(value, i + 1);
            }
        }
        for (String output :
                graph.outputs().stream().map(ValueInfo::name).distinct().toList()) {
            int place = isKnown(output) ? 0 : places.getOrDefault(output, 0);
            byStep.get(place).add(new Program.Output(output, number(output)));
        }
        return byStep;
    }
}
