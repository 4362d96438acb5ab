package dev.octet.data;

import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Numbered folders as ONNX's own test data have them: {@code input_0.pb}, {@code input_1.pb}, .., one serialized
 * TensorProto for each input of the graph, batch axis included. No labels.
 */
public final class TensorProtoDataset implements Dataset {
    private final List<Path> folders;
    private final List<ValueInfo> inputs;

    /** @param folders in their order, already selected */
    TensorProtoDataset(List<Path> folders, List<ValueInfo> inputs) {
        this.folders = List.copyOf(folders);
        this.inputs = List.copyOf(inputs);
    }

    @Override
    public int size() {
        return folders.size();
    }

    @Override
    public Sample sample(int index) {
        Path folder = folders.get(index);
        Map<String, Tensor> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Path file = file(folder, i);
            try {
                Tensor tensor = TensorProtoFile.read(file).tensor();
                InputCheck.requireFits(file.toString(), tensor, inputs.get(i));
                values.put(inputs.get(i).name(), tensor);
            } catch (ModelException e) {
                String message = String.valueOf(e.getMessage());
                throw e.kind() == ModelException.Kind.LIMIT
                        ? new LimitException(message, e)
                        : new InputException(message, e);
            }
        }
        return new Sample(folder.getFileName().toString(), values, OptionalLong.empty());
    }

    private static Path file(Path folder, int input) {
        return folder.resolve("input_" + input + ".pb");
    }

    @Override
    public String contentSha256() {
        FileDigest digest = new FileDigest().text("pb");
        for (Path folder : folders) {
            for (int i = 0; i < inputs.size(); i++) {
                digest.file(file(folder, i));
            }
        }
        return digest.hex();
    }
}
