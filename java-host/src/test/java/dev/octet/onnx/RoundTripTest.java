package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.MatMul;
import dev.octet.io.OutputFiles;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading, writing and reading again gives the same graph, for every model of the conformance sets. */
class RoundTripTest {
    @TempDir
    Path folder = Path.of("");

    private static List<Path> models() throws IOException {
        try (Stream<Path> all = Files.walk(SharedData.conformance())) {
            return all.filter(path ->
                            path.endsWith("model.onnx") && !path.toString().contains("bad-inputs"))
                    .sorted()
                    .toList();
        }
    }

    /** Empty where the model is not one that the reader takes; other tests say which those are. */
    private static Optional<Graph> readIfSupported(Path path) {
        try {
            return Optional.of(OnnxReader.read(path, _ -> {}));
        } catch (ModelException _) {
            return Optional.empty();
        }
    }

    @Test
    void write_everyReadableModel_readsBackEqual() throws IOException {
        int compared = 0;
        for (Path model : models()) {
            Optional<Graph> graph = readIfSupported(model);
            if (graph.isPresent()) {
                Path copy = folder.resolve("copy.onnx");
                OnnxWriter.write(graph.get(), copy);
                GraphEquality.assertEqual(OnnxReader.read(copy), graph.get());
                compared++;
            }
        }

        assertThat(compared).isGreaterThan(800);
    }

    @Test
    void write_weightsBeside_readsBackEqualAndTwiceTheSameBytes() throws IOException {
        Graph graph = product(1);

        Path copy = folder.resolve("beside.onnx");
        OnnxWriter.write(graph, copy, OnnxWriter.Weights.BESIDE);
        byte[] first = Files.readAllBytes(copy);
        OnnxWriter.write(graph, copy, OnnxWriter.Weights.BESIDE);

        GraphEquality.assertEqual(OnnxReader.read(copy), graph);
        assertThat(Arrays.equals(first, Files.readAllBytes(copy))).isTrue();
    }

    @Test
    void write_otherWeightsUnderTheSameName_neverMixesThem() throws IOException {
        Graph first = product(1);
        Graph second = product(2);
        Path copy = folder.resolve("beside.onnx");
        OnnxWriter.write(first, copy, OnnxWriter.Weights.BESIDE);
        List<String> before = names();

        try (OutputFiles files = new OutputFiles()) {
            OnnxWriter.write(second, copy, OnnxWriter.Weights.BESIDE, files);
            GraphEquality.assertEqual(OnnxReader.read(copy), first);
            files.commit();
        }

        GraphEquality.assertEqual(OnnxReader.read(copy), second);
        assertThat(before).hasSize(2).allMatch(name -> name.matches("beside[.]onnx([.][0-9a-f]{16}[.]data)?"));
        assertThat(names()).hasSize(2).isNotEqualTo(before);
    }

    @Test
    void write_weightsInsideAfterBeside_deletesTheFileOfWeights() throws IOException {
        Graph graph = product(1);
        Path copy = folder.resolve("beside.onnx");
        OnnxWriter.write(graph, copy, OnnxWriter.Weights.BESIDE);

        OnnxWriter.write(graph, copy);

        assertThat(names()).containsExactly("beside.onnx");
    }

    private static Graph product(float weight) {
        Tensor weights = Tensor.allocate(DType.F32, Shape.of(32, 32));
        weights.setFloat(5, weight);
        List<Dim> dims = List.of(new Dim.Known(1), new Dim.Known(32));
        return new Graph(
                "product",
                List.of(new ValueInfo("x", DType.F32, Optional.of(dims))),
                List.of(new ValueInfo("y", DType.F32, Optional.of(dims))),
                List.of(new Node("product", new MatMul(), List.of("x", "w"), List.of("y"))),
                Map.of("w", weights));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
