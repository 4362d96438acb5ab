package dev.octet.fuzz;

import dev.octet.Model;
import dev.octet.calib.RangeFile;
import dev.octet.calib.RangeTable;
import dev.octet.data.DataOptions;
import dev.octet.data.Dataset;
import dev.octet.data.Datasets;
import dev.octet.graph.Dim;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** All targets. */
final class FuzzTargets {
    private static final long MAX_ELEMENTS = 1 << 16;
    private static final SessionOptions SMALL =
            SessionOptions.defaults().withThreads(1).withMemoryLimit(1 << 22).withComputeLimit(1e8);
    private static final ByteMutation BYTES = new ByteMutation();
    private static final MessageMutation MESSAGES = new MessageMutation();

    private FuzzTargets() {}

    static final List<String> NAMES =
            List.of("onnx", "plan", "tensor", "ranges", "npy", "npz", "image", "labels", "profile");

    /**
     * A target.
     *
     * @param folder for its files
     */
    static FuzzTarget of(String name, Path folder) throws IOException {
        return switch (name) {
            case "onnx" ->
                new FuzzTarget(
                        name,
                        (bytes, at) -> OnnxReader.read(write(at, "model.onnx", bytes), _ -> {}),
                        FuzzSeeds.models(),
                        BYTES);
            case "plan" -> new FuzzTarget(name, FuzzTargets::plan, FuzzSeeds.models(), MESSAGES);
            case "tensor" ->
                new FuzzTarget(
                        name,
                        (bytes, at) -> TensorProtoFile.read(write(at, "x.pb", bytes)),
                        FuzzSeeds.tensors(),
                        BYTES);
            case "ranges" -> new FuzzTarget(name, FuzzTargets::ranges, FuzzSeeds.ranges(), BYTES);
            case "npy" ->
                new FuzzTarget(
                        name, (bytes, at) -> samples(write(at, "x.npy", bytes), 3), FuzzSeeds.arrays(folder), BYTES);
            case "npz" ->
                new FuzzTarget(
                        name,
                        (bytes, at) -> samples(write(at, "x.npz", archive(bytes)), 3),
                        FuzzSeeds.archives(folder),
                        BYTES);
            case "image" -> new FuzzTarget(name, FuzzTargets::image, FuzzSeeds.images(), BYTES);
            case "labels" -> new FuzzTarget(name, FuzzTargets::labels, FuzzSeeds.labels(), BYTES);
            case "profile" ->
                new FuzzTarget(
                        name,
                        (bytes, at) -> ProfileFiles.read(write(at, "profile", bytes)),
                        FuzzSeeds.profiles(folder),
                        BYTES);
            default -> throw new IllegalArgumentException("no target " + name + "; there are " + NAMES);
        };
    }

    private static Path write(Path folder, String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    /** Loads a model, plans it for a batch of two within a small memory, and runs it on zeros. */
    private static void plan(byte[] bytes, Path folder) throws IOException {
        Model model = Model.load(write(folder, "model.onnx", bytes));
        Map<String, Tensor> inputs = new HashMap<>();
        for (ValueInfo input : model.inputs()) {
            Optional<Shape> shape = input.withSymbols(2);
            if (shape.isEmpty() || shape.get().elementCount() > MAX_ELEMENTS) {
                return;
            }
            inputs.put(input.name(), Tensor.allocate(input.dtype(), shape.get()));
        }
        try (Session session = model.open(SMALL)) {
            session.run(inputs);
        }
    }

    /** What is read can be written and read again. */
    private static void ranges(byte[] bytes, Path folder) throws IOException {
        RangeTable table = RangeFile.read(write(folder, "ranges.json", bytes));
        Path copy = folder.resolve("copy.json");
        Files.writeString(copy, RangeFile.format(copy, table));
        if (!RangeFile.read(copy).equals(table)) {
            throw new AssertionError("the table is another one when written and read again");
        }
    }

    /** Bytes that are no zip file become the array in one: their checksum would keep changed ones from being read. */
    private static byte[] archive(byte[] bytes) throws IOException {
        if (bytes.length > 0 && bytes[0] == 'P') {
            return bytes;
        }
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(bytes);
        }
        return archive.toByteArray();
    }

    private static void image(byte[] bytes, Path folder) throws IOException {
        Path data = Files.createDirectories(folder.resolve("image"));
        Files.writeString(data.resolve("labels.csv"), "file,label\ni.png,3\n");
        write(data, "i.png", bytes);
        samples(data, 8);
    }

    private static void labels(byte[] bytes, Path folder) throws IOException {
        Path data = Files.createDirectories(folder.resolve("labels"));
        write(data, "labels.csv", bytes);
        if (Files.notExists(data.resolve("i.png"))) {
            write(data, "i.png", FuzzSeeds.images().get(0));
        }
        samples(data, 8);
    }

    /** Reads all samples for an input of f32[n,3], or of f32[n,3,size,size] for images. */
    private static void samples(Path data, int size) {
        Dim batch = new Dim.Symbol("n");
        Dim known = new Dim.Known(size);
        List<Dim> dims = size == 3 ? List.of(batch, known) : List.of(batch, new Dim.Known(3), known, known);
        ValueInfo input = new ValueInfo("x", DType.F32, Optional.of(dims));
        Dataset dataset = Datasets.open(data, DataOptions.defaults(), List.of(input));
        for (int i = 0; i < Math.min(dataset.size(), 4); i++) {
            dataset.sample(i);
        }
    }
}
