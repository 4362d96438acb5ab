package dev.octet.data;

import dev.octet.tensor.Tensor;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a model is fed once, and the right answer if it is known.
 *
 * @param name for messages and reports, such as a file name
 * @param inputs by the names of the graph's inputs, batch axis included; on the Java heap
 * @param label index of the right class, {@code --label-offset} added
 */
public record Sample(String name, Map<String, Tensor> inputs, OptionalLong label) {
    public Sample {
        inputs = Map.copyOf(inputs);
    }
}
