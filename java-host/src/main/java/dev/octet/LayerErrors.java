package dev.octet;

import dev.octet.analysis.Comparison;
import dev.octet.analysis.Comparison.Pair;
import dev.octet.analysis.Comparison.TensorError;
import dev.octet.calib.SampleSource;
import dev.octet.graph.Node;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares every value that two forms of a model have in common. */
public final class LayerErrors {
    private LayerErrors() {}

    /** The float values, by name, that both models compute. */
    public static Set<String> common(Model reference, Model other) {
        Set<String> common = new LinkedHashSet<>();
        for (Node node : reference.graph().nodes()) {
            for (String output : node.outputs()) {
                if (other.graph().producer(output).isPresent()
                        && reference.graph().dtype(output).isFloat()
                        && other.graph().dtype(output).isFloat()) {
                    common.add(output);
                }
            }
        }
        return common;
    }

    /**
     * Runs both models on the same samples.
     *
     * @param progress called after each sample
     * @return the error of every common value, in the reference's order
     */
    public static List<TensorError> measure(
            Model reference, Model other, SampleSource samples, SessionOptions options, Runnable progress) {
        Set<String> values = common(reference, other);
        Comparison comparison =
                new Comparison(values.stream().map(name -> new Pair(name, name)).toList());
        try (Session first = ModelQuantizer.observing(reference, values).open(options);
                Session second = ModelQuantizer.observing(other, values).open(options)) {
            for (int i = 0; i < samples.count(); i++) {
                comparison.add(samples.inputs(i), first::run, second::run);
                progress.run();
            }
        }
        return comparison.errors();
    }
}
