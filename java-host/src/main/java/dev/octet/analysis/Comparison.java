package dev.octet.analysis;

import dev.octet.graph.ModelException;
import dev.octet.runtime.OutputSink;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the tensors that two runs compute from the same samples. The first run is the reference. Holds one sample's
 * tensors of the first run at a time. Not thread-safe.
 */
public final class Comparison {
    private final Map<String, Pair> pairsBySecond = new HashMap<>();
    private final Map<Pair, ErrorSums> sums = new LinkedHashMap<>();
    private long samples;

    /** The names of the same tensor in the first and in the second run. */
    public record Pair(String first, String second) {}

    /** The error of one tensor. */
    public record TensorError(Pair names, ErrorMetrics metrics) {}

    /** One of the two, such as {@code session::run}. */
    @FunctionalInterface
    public interface Run {
        /** Hands over each tensor as soon as it is computed; it is readable during that call only. */
        void run(Map<String, Tensor> inputs, OutputSink sink);
    }

    /**
     * @param pairs the tensors to compare, each name once a side
     */
    public Comparison(List<Pair> pairs) {
        for (Pair pair : pairs) {
            if (pairsBySecond.put(pair.second(), pair) != null || sums.put(pair, new ErrorSums()) != null) {
                throw new IllegalArgumentException("tensor \"" + pair.second() + "\" is to be compared twice");
            }
        }
    }

    /**
     * Runs both on one sample.
     *
     * @throws ModelException of kind DATA if a tensor is missing on one side, or has other extents there
     */
    public void add(Map<String, Tensor> inputs, Run first, Run second) {
        Map<String, Tensor> reference = new HashMap<>();
        Set<String> wanted = sums.keySet().stream().map(Pair::first).collect(Collectors.toSet());
        first.run(inputs, (name, value) -> {
            if (wanted.contains(name)) {
                reference.put(name, value.copy());
            }
        });
        Set<Pair> seen = new HashSet<>();
        second.run(inputs, (name, value) -> {
            Pair pair = pairsBySecond.get(name);
            if (pair != null) {
                add(pair, reference, value);
                seen.add(pair);
            }
        });
        for (Pair pair : sums.keySet()) {
            if (!seen.contains(pair)) {
                throw ModelException.data("the second run did not compute tensor \"" + pair.second() + "\"");
            }
        }
        samples++;
    }

    private void add(Pair pair, Map<String, Tensor> reference, Tensor value) {
        Tensor expected = reference.get(pair.first());
        ErrorSums sum = sums.get(pair);
        if (expected == null || sum == null) {
            throw ModelException.data("the first run did not compute tensor \"" + pair.first() + "\"");
        }
        if (!expected.shape().equals(value.shape())) {
            throw ModelException.data("tensor \"" + pair.first() + "\" is " + expected + " but \"" + pair.second()
                    + "\" of the second run is " + value);
        }
        sum.add(expected, value);
    }

    /** How many samples were compared. */
    public long samples() {
        return samples;
    }

    /** The errors over all samples so far, in the order in which the pairs were given. */
    public List<TensorError> errors() {
        List<TensorError> errors = new ArrayList<>();
        sums.forEach((pair, sum) -> errors.add(new TensorError(pair, sum.metrics())));
        return errors;
    }
}
