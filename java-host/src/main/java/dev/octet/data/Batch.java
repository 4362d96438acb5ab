package dev.octet.data;

import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Consecutive samples joined along axis 0.
 *
 * @param names of the samples
 * @param labels one a sample
 */
public record Batch(List<String> names, Map<String, Tensor> inputs, List<OptionalLong> labels) {
    public Batch {
        names = List.copyOf(names);
        inputs = Map.copyOf(inputs);
        labels = List.copyOf(labels);
    }

    public int size() {
        return names.size();
    }
}
