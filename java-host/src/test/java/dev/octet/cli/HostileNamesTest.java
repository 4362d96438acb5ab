package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.data.NpzFile;
import dev.octet.onnx.HostileNames;
import dev.octet.onnx.OnnxReader;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names that are paths or commands to a terminal, on every command that prints them or makes file names of them: one in
 * {@code octet.hostile.step} of the models, 1 for all.
 */
class HostileNamesTest {
    private static final int STEP = Integer.getInteger("octet.hostile.step", 29);
    private static final long MAX_MILLIS = 2000;

    @TempDir
    private Path folder;

    @Test
    void everyCommand_hostileName_isEscapedAndLeavesNoFolder() throws IOException, InterruptedException {
        Tensor pair = Tensor.ofFloats(Shape.of(2), -1, 2);
        Path input = folder.resolve("pair.npy");
        NpyFile.write(input, pair);
        List<HostileRuns.Call> calls = new ArrayList<>();
        List<Path> models = HostileNames.write(folder.resolve("models"));
        for (int i = 0; i < models.size(); i += STEP) {
            calls.addAll(calls(models.get(i), input, pair));
        }
        List<Path> before = files();

        List<HostileRuns.Ended> all = HostileRuns.of(folder, calls);

        List<String> wrong = new ArrayList<>();
        Map<Integer, Integer> codes = new TreeMap<>();
        for (HostileRuns.Ended ended : all) {
            wrong.addAll(ended.faults(MAX_MILLIS));
            codes.merge(ended.code(), 1, Integer::sum);
        }
        assertThat(wrong).isEmpty();
        assertThat(files()).isEqualTo(before);
        assertThat(Path.of("/tmp/evil")).doesNotExist();
        assertThat(codes.getOrDefault(0, 0)).as("exit codes %s", codes).isGreaterThan(all.size() / 4);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> !file.startsWith(HostileRuns.out(folder)))
                    .filter(file -> !file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    private List<HostileRuns.Call> calls(Path model, Path input, Tensor pair) throws IOException {
        String id = model.getParent().getFileName().toString();
        Path out = HostileRuns.out(folder);
        Path data = Files.createDirectories(model.resolveSibling("data"));
        String name = inputName(model);
        NpzFile.write(data.resolve("0.npz"), Map.of("x", pair));
        return List.of(
                HostileRuns.Call.of(id, "run", model, "--input", name + "=" + input, "--output-dir", out),
                HostileRuns.Call.of(id, "inspect", model),
                HostileRuns.Call.of(id, "inspect", model, "--json"),
                HostileRuns.Call.of(id, "lint", model),
                HostileRuns.Call.of(id, "bench", model, "--iterations", 1, "--threads", 1),
                HostileRuns.Call.of(id, "compare", model, model, "--layers", "--data", data),
                HostileRuns.Call.of(
                        id,
                        "quantize",
                        model,
                        "-o",
                        out.resolve("q.onnx"),
                        "--data",
                        data,
                        "--save-ranges",
                        out.resolve("r.cache"),
                        "--report",
                        out.resolve("report.html")));
    }

    private static String inputName(Path model) {
        try {
            return OnnxReader.read(model, _ -> {}).inputs().get(0).name();
        } catch (OctetException e) {
            return "x";
        }
    }
}
