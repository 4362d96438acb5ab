package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpzFile;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.tensor.DType;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ModelMutator;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Well-formed models with numbers, names and messages changed, on every command of a process with 256 MiB. The property
 * {@code octet.mutants} says how many, {@code octet.seed} with which seed to begin.
 */
class HostileMutantsTest {
    private static final int MUTANTS = Integer.getInteger("octet.mutants", 20);
    private static final long SEED = Long.getLong("octet.seed", 31);
    private static final int MAX_MODEL_BYTES = 1 << 16;
    private static final long MAX_ELEMENTS = 1 << 16;

    private static final long MAX_MILLIS = 2000;

    @TempDir
    private Path folder;

    private static List<Path> models() throws IOException {
        try (Stream<Path> all = Files.walk(SharedData.conformance())) {
            return all.filter(
                            path -> path.endsWith("model.onnx") && path.toFile().length() < MAX_MODEL_BYTES)
                    .filter(path -> !path.toString().contains("bad-inputs"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyCommand_mutatedModel_neverFailsInternally() throws IOException, InterruptedException {
        List<Path> models = models();
        List<HostileRuns.Call> calls = new ArrayList<>();
        for (int i = 0; i < MUTANTS; i++) {
            long seed = SEED + i;
            Path original = models.get(new java.util.Random(seed).nextInt(models.size()));
            calls.addAll(calls(original, seed));
        }

        List<String> wrong = new ArrayList<>();
        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            wrong.addAll(ended.faults(MAX_MILLIS));
        }

        assertThat(wrong).isEmpty();
    }

    private List<HostileRuns.Call> calls(Path original, long seed) throws IOException {
        String id = "seed " + seed + ", " + original.getParent().getFileName();
        Path home = Files.createDirectories(folder.resolve("mutants").resolve(Long.toString(seed)));
        Path model = home.resolve("model.onnx");
        ModelMutator mutator = new ModelMutator(seed);
        Files.write(model, mutator.model(Files.readAllBytes(original)));
        Path out = HostileRuns.out(folder);
        Path data = Files.createDirectories(home.resolve("data"));
        NpzFile.write(data.resolve("0.npz"), ones(model));
        List<Object> run = new ArrayList<>(List.of("run", model, "--output-dir", out, "--memory-limit", 200));
        inputs(original, home, mutator).forEach(input -> run.addAll(List.of("--input", input)));
        return List.of(
                HostileRuns.Call.of(id, run.toArray()),
                HostileRuns.Call.of(id, "inspect", model, "--json"),
                HostileRuns.Call.of(id, "lint", model),
                HostileRuns.Call.of(id, "roofline", model, "--gpu", "A100"),
                HostileRuns.Call.of(id, "bench", model, "--iterations", 1, "--threads", 1, "--memory-limit", 200),
                HostileRuns.Call.of(
                        id, "quantize", model, "-o", out.resolve("q.onnx"), "--data", data, "--memory-limit", 200),
                HostileRuns.Call.of(id, "eval", model, "--data", data, "--memory-limit", 200),
                HostileRuns.Call.of(id, "compare", model, model, "--data", data, "--layers", "--memory-limit", 200));
    }

    /** The tensors that come with the model, every other one changed too, by the names of the changed model's inputs. */
    private static List<String> inputs(Path original, Path home, ModelMutator mutator) throws IOException {
        List<String> options = new ArrayList<>();
        List<ValueInfo> declared = declared(home.resolve("model.onnx")).orElse(List.of());
        for (int i = 0; i < declared.size(); i++) {
            Path stored = original.resolveSibling("test_data_set_0").resolve("input_" + i + ".pb");
            if (Files.exists(stored)) {
                byte[] bytes = Files.readAllBytes(stored);
                Path copy = home.resolve("input_" + i + ".pb");
                Files.write(copy, (bytes.length + i) % 2 == 0 ? bytes : mutator.tensor(bytes));
                options.add(declared.get(i).name() + "=" + copy);
            }
        }
        return options;
    }

    private static Optional<List<ValueInfo>> declared(Path model) {
        try {
            return Optional.of(OnnxReader.read(model, _ -> {}).inputs());
        } catch (OctetException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Tensor> ones(Path model) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("label", Tensor.vector(0));
        List<ValueInfo> inputs = declared(model).orElse(List.of());
        for (int i = 0; i < inputs.size(); i++) {
            Optional<Shape> shape = shape(inputs.get(i));
            DType dtype = inputs.get(i).dtype();
            if (shape.isPresent() && shape.get().elementCount() <= MAX_ELEMENTS && isNumPy(dtype)) {
                Tensor tensor = Tensor.allocate(dtype, shape.get());
                for (long k = 0; k < tensor.elementCount(); k++) {
                    tensor.setDouble(k, 1);
                }
                arrays.put("input_" + i, tensor);
            }
        }
        return arrays;
    }

    private static boolean isNumPy(DType dtype) {
        return dtype == DType.F32 || dtype == DType.S64 || dtype == DType.S32 || dtype == DType.U8;
    }

    private static Optional<Shape> shape(ValueInfo input) {
        try {
            return input.withSymbols(2);
        } catch (OctetException e) {
            return Optional.empty();
        }
    }
}
