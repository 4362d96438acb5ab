package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.io.AtomicFile;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Files that hold one serialized TensorProto ({@code .pb}), as ONNX's test data do. */
public final class TensorProtoFile {
    private TensorProtoFile() {}

    /** A tensor and its name, which may be empty. */
    public record Named(String name, Tensor tensor) {}

    /**
     * Reads a tensor to the Java heap.
     *
     * @throws ModelException if the file holds no tensor of numbers; the message begins with its path
     */
    public static Named read(Path path) {
        try (ModelFile file = ModelFile.open(path)) {
            TensorProto proto = TensorProto.read(new Wire(file.content()));
            LoadBudget budget = new LoadBudget(ReadOptions.DEFAULT_MAX_BYTES);
            TensorReader tensors = new TensorReader(file.content(), Optional.empty(), budget);
            return new Named(proto.name(), tensors.read(proto));
        } catch (ModelException e) {
            throw e.at(Names.escape(path.toString()));
        }
    }

    /** Writes a tensor of less than 2 GiB, replacing the file if there is one. */
    public static void write(Path path, Named named) throws IOException {
        AtomicFile.write(
                path, AttributeWriter.tensor(named.name(), named.tensor()).toBytes());
    }
}
