package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.data.NpzFile;
import dev.octet.onnx.HostileOperators;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators with extreme attributes and constants on every command of a process with 256 MiB. */
class HostileOperatorsTest {
    private static final long MAX_MILLIS = 2000;

    /** The build takes every third model. */
    private static final int STEP = Integer.getInteger("octet.hostile.step", 3);

    @TempDir
    private Path folder;

    @Test
    void everyCommand_extremeOperator_neverFailsInternally() throws IOException, InterruptedException {
        List<HostileOperators.Case> models = HostileOperators.write(folder.resolve("models"));
        Path image = folder.resolve("image.npy");
        NpyFile.write(image, ones(1, 4, 6, 6));
        Path pair = folder.resolve("pair.npy");
        NpyFile.write(pair, ones(2));
        List<HostileRuns.Call> calls = new ArrayList<>();
        for (int i = 0; i < models.size(); i += STEP) {
            HostileOperators.Case one = models.get(i);
            calls.addAll(calls(one.model(), one.takesImage() ? image : pair));
        }

        List<String> wrong = new ArrayList<>();
        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            wrong.addAll(ended.faults(MAX_MILLIS));
        }

        assertThat(wrong).isEmpty();
    }

    private static Tensor ones(long... dims) {
        Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
        for (long i = 0; i < tensor.elementCount(); i++) {
            tensor.setFloat(i, 1);
        }
        return tensor;
    }

    private List<HostileRuns.Call> calls(Path model, Path input) throws IOException {
        String id = model.getParent().getFileName().toString();
        Path out = HostileRuns.out(folder);
        Path data = Files.createDirectories(model.resolveSibling("data"));
        NpzFile.write(data.resolve("0.npz"), Map.of("x", NpyFile.read(input)));
        return List.of(
                HostileRuns.Call.of(
                        id, "run", model, "--input", "x=" + input, "--output-dir", out, "--memory-limit", 200),
                HostileRuns.Call.of(id, "inspect", model),
                HostileRuns.Call.of(
                        id, "quantize", model, "-o", out.resolve("q.onnx"), "--data", data, "--memory-limit", 200));
    }
}
