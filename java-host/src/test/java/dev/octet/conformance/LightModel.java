package dev.octet.conformance;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real network whose weights are made from their names by a recipe, so that the file stays small. */
final class LightModel {
    private LightModel() {}

    /**
     * Reads a network and gives it the recipe's weights.
     *
     * @param logits a value to make an output besides the network's own
     */
    static Graph read(Path folder, String logits) throws IOException {
        Graph raw = OnnxReader.read(folder.resolve("model.onnx"));
        Map<String, Tensor> weights = weights(folder.resolve("recipe.tsv"));
        List<Node> nodes = raw.nodes().stream()
                .filter(node -> !weights.containsKey(node.output()))
                .toList();
        Map<String, Tensor> constants = new LinkedHashMap<>(raw.constants());
        constants.putAll(weights);
        List<ValueInfo> outputs = new ArrayList<>(raw.outputs());
        if (!raw.isOutput(logits)) {
            outputs.add(new ValueInfo(logits, raw.dtype(logits), Optional.empty()));
        }
        return new Graph(raw.name(), raw.inputs(), outputs, nodes, constants);
    }

    /** The network's input: values in [-1, 1). */
    static Tensor input(Shape shape) {
        return noise("input", shape, -1, 2);
    }

    private static Map<String, Tensor> weights(Path recipe) throws IOException {
        Map<String, Tensor> weights = new HashMap<>();
        List<String> lines = Files.readAllLines(recipe);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            long[] dims = Arrays.stream(cells[1].split("x", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            double a = Double.parseDouble(cells[2]);
            weights.put(cells[0], noise(cells[0], Shape.of(dims), a, Double.parseDouble(cells[3])));
        }
        return weights;
    }

    /** {@code a + b * u} with u in [0, 1) from a SplitMix64 sequence seeded by the name. */
    private static Tensor noise(String name, Shape shape, double a, double b) {
        long seed = seed(name);
        Tensor tensor = Tensor.allocate(DType.F32, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
            tensor.setFloat(i, (float) (a + b * ((z >>> 40) * 0x1p-24)));
        }
        return tensor;
    }

    private static long seed(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
