package dev.octet.cli;

import dev.octet.analysis.Classification;
import dev.octet.analysis.Comparison;
import dev.octet.analysis.Comparison.Pair;
import dev.octet.analysis.Comparison.TensorError;
import dev.octet.analysis.PairedPredictions;
import dev.octet.graph.ModelException;
import dev.octet.runtime.OutputSink;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The outputs of two models side by side, and how often the first one of each has its greatest element alike. */
final class OutputComparison {
    private final ComparedModel first;
    private final ComparedModel second;
    private final List<Pair> pairs;
    private final Comparison comparison;
    private final PairedPredictions predictions = new PairedPredictions();

    /**
     * @throws ConfigException if the outputs can be paired neither by name nor by place
     */
    OutputComparison(ComparedModel first, ComparedModel second) {
        this.first = first;
        this.second = second;
        this.pairs = pairs(
                first.outputNames().stream().distinct().toList(),
                second.outputNames().stream().distinct().toList());
        this.comparison = new Comparison(pairs);
    }

    private static List<Pair> pairs(List<String> first, List<String> second) {
        boolean byName = second.containsAll(first);
        if (first.isEmpty() || (!byName && first.size() != second.size())) {
            throw new ConfigException("outputs " + first + " and " + second + " cannot be paired");
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            pairs.add(new Pair(first.get(i), byName ? first.get(i) : second.get(i)));
        }
        return pairs;
    }

    /** Runs both on one sample. */
    void add(Map<String, Tensor> inputs) {
        Capture ofFirst = new Capture(pairs.get(0).first());
        Capture ofSecond = new Capture(pairs.get(0).second());
        comparison.add(
                inputs,
                (fed, sink) -> first.run(fed, ofFirst.before(sink)),
                (fed, sink) -> second.run(fed, ofSecond.before(sink)));
        int[] a = ofFirst.predictions(rows(inputs, ofFirst.value()));
        int[] b = ofSecond.predictions(rows(inputs, ofSecond.value()));
        for (int i = 0; i < a.length; i++) {
            predictions.add(a[i], b[i], Classification.NONE);
        }
    }

    /** How many samples the tensors of one run hold: the extent of axis 0 if the output has it from all inputs. */
    private static int rows(Map<String, Tensor> inputs, Tensor output) {
        if (output.shape().rank() < 2) {
            return 1;
        }
        long extent = output.shape().dim(0);
        boolean batched = inputs.values().stream()
                .allMatch(input -> input.shape().rank() > 1 && input.shape().dim(0) == extent);
        return batched ? Math.toIntExact(extent) : 1;
    }

    long samples() {
        return comparison.samples();
    }

    /** Share of samples with equal predictions, in [0, 1]. */
    double agreement() {
        return predictions.result().agreement();
    }

    List<TensorError> errors() {
        return comparison.errors();
    }

    /** Keeps a copy of one output on its way. */
    private static final class Capture {
        private final String name;
        private Optional<Tensor> copy = Optional.empty();

        Capture(String name) {
            this.name = name;
        }

        OutputSink before(OutputSink next) {
            return (output, value) -> {
                if (output.equals(name)) {
                    copy = Optional.of(value.copy());
                }
                next.accept(output, value);
            };
        }

        Tensor value() {
            return copy.orElseThrow();
        }

        int[] predictions(int rows) {
            if (value().elementCount() == 0) {
                throw ModelException.data("output \"" + name + "\" is empty: " + value());
            }
            return Classification.predictions(value(), rows);
        }
    }
}
