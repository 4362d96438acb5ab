package dev.octet.data;

import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Numbered {@code .npz} files, one a sample: arrays named as the graph's inputs or {@code input_0}, {@code input_1}, ..,
 * batch axis included, and optionally one number {@code label}.
 */
public final class NpzDataset implements Dataset {
    private static final String LABEL = "label";

    private final List<Path> files;
    private final List<ValueInfo> inputs;
    private final long labelOffset;

    /** @param files in their order, already selected */
    NpzDataset(List<Path> files, DataOptions options, List<ValueInfo> inputs) {
        this.files = List.copyOf(files);
        this.inputs = List.copyOf(inputs);
        this.labelOffset = options.labelOffset();
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public Sample sample(int index) {
        Path file = files.get(index);
        Map<String, Tensor> arrays = NpzFile.read(file);
        Map<String, Tensor> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            ValueInfo input = inputs.get(i);
            Tensor array = arrays.containsKey(input.name()) ? arrays.get(input.name()) : arrays.get("input_" + i);
            if (array == null) {
                throw new InputException(file + " has no array \"" + Names.escape(input.name()) + "\" or input_" + i
                        + ", only " + Names.escape(arrays.keySet().toString()));
            }
            InputCheck.requireFits(file.toString(), array, input);
            values.put(input.name(), array);
        }
        return new Sample(file.getFileName().toString(), values, label(file, arrays));
    }

    private OptionalLong label(Path file, Map<String, Tensor> arrays) {
        Tensor label = arrays.get(LABEL);
        if (label == null || inputs.stream().anyMatch(input -> input.name().equals(LABEL))) {
            return OptionalLong.empty();
        }
        if (label.elementCount() != 1 || !label.dtype().isInteger()) {
            throw new InputException(file + " has the label " + label + ", expected one whole number");
        }
        return OptionalLong.of(label.getLong(0) + labelOffset);
    }

    @Override
    public String contentSha256() {
        FileDigest digest = new FileDigest().text("npz");
        files.forEach(digest::file);
        return digest.hex();
    }
}
