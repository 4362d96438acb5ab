package dev.octet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with a few bytes changed are read or refused; no other exception comes out. */
class MutatedModelsTest {
    private static final long SEED = 20;
    private static final int MUTANTS_PER_MODEL = Integer.getInteger("octet.mutants", 3);
    private static final int MAX_MODEL_BYTES = 4096;
    private static final long MAX_ELEMENTS = 1 << 16;
    private static final SessionOptions OPTIONS =
            SessionOptions.defaults().withThreads(1).withMemoryLimit(1 << 26);

    @TempDir
    Path folder = Path.of("");

    private static List<Path> models() throws IOException {
        try (Stream<Path> all = Files.walk(SharedData.conformance().resolve("onnx-node"))) {
            return all.filter(
                            path -> path.endsWith("model.onnx") && path.toFile().length() < MAX_MODEL_BYTES)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void run_mutatedModel_worksOrThrowsModelException() throws IOException {
        Random random = new Random(SEED);
        Path mutant = folder.resolve("mutant.onnx");
        List<String> wrong = new ArrayList<>();
        for (Path model : models()) {
            byte[] original = Files.readAllBytes(model);
            for (int i = 0; i < MUTANTS_PER_MODEL; i++) {
                Files.write(mutant, mutated(original, random));
                try {
                    run(OnnxReader.read(mutant, _ -> {}));
                } catch (ModelException | LimitException _) {
                    continue;
                } catch (RuntimeException e) {
                    StackTraceElement[] trace = e.getStackTrace();
                    wrong.add(model.getParent().getFileName() + ", mutant " + i + ", seed " + SEED + ": " + e + " at "
                            + (trace.length > 0 ? trace[0] : "?"));
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    /** Runs a graph on zeros, if its inputs are of a known and sensible size. */
    private static void run(Graph graph) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (ValueInfo input : graph.inputs()) {
            Optional<Shape> shape = input.withSymbols(2);
            if (shape.isEmpty() || shape.get().elementCount() > MAX_ELEMENTS) {
                return;
            }
            inputs.put(input.name(), Tensor.allocate(input.dtype(), shape.get()));
        }
        try (Session session = Session.open(graph, OPTIONS)) {
            session.run(inputs);
        }
    }

    /** Changes one to three bytes. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = switch (random.nextInt(3)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) 0xFF;
                default -> (byte) random.nextInt(8);
            };
        }
        return bytes;
    }
}
