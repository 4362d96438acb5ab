package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
        Path model = SharedData.conformance().resolve("onnx-node/pytorch/test_Conv2d/model.onnx");
        Graph graph = OnnxReader.read(model);

        Path copy = folder.resolve("beside.onnx");
        OnnxWriter.write(graph, copy, OnnxWriter.Weights.BESIDE);
        byte[] first = Files.readAllBytes(copy);
        OnnxWriter.write(graph, copy, OnnxWriter.Weights.BESIDE);

        GraphEquality.assertEqual(OnnxReader.read(copy), graph);
        assertThat(Arrays.equals(first, Files.readAllBytes(copy))).isTrue();
    }
}
