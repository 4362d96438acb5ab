package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.onnx.HostileEffort;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of a kilobyte that need little memory and years of work, and memory that only kernels know of. */
class RunLimitsTest {
    private static final long MAX_MILLIS = 2000;

    @TempDir
    private Path folder;

    private Path input() throws IOException {
        Path file = folder.resolve("x.npy");
        NpyFile.write(file, Tensor.ofFloats(Shape.of(2), 1, 2));
        return file;
    }

    @Test
    void everyCommand_modelOfEndlessWork_isALimitAtOnce() throws IOException, InterruptedException {
        Path input = input();
        List<HostileRuns.Call> calls = new ArrayList<>();
        for (Path model : HostileEffort.write(folder.resolve("models"))) {
            String id = model.getParent().getFileName().toString();
            calls.add(HostileRuns.Call.of(id, "run", model, "--input", "x=" + input, "--memory-limit", 200));
            calls.add(HostileRuns.Call.of(id, "bench", model, "--iterations", 1, "--memory-limit", 200));
        }

        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            assertThat(ended.faults(MAX_MILLIS)).isEmpty();
            assertThat(ended.code()).as(ended.call() + ": " + ended.err()).isEqualTo(ExitCode.LIMIT.code());
            assertThat(ended.err()).contains("billion operations", "--compute-limit raises it");
        }
    }

    @Test
    void run_lowerLimit_refusesWhatTheUsualOneAllows() throws IOException {
        Path model = HostileEffort.product(folder, 3000);
        Path input = input();

        CommandRun refused = CommandRun.of("run", model, "--input", "x=" + input, "--compute-limit", 26);
        CommandRun inspected = CommandRun.of("inspect", model, "--json");

        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.LIMIT);
        assertThat(refused.err()).contains("takes 27 billion operations, the limit of a run is 26 billion");
        assertThat(inspected.json().path("macs").asLong()).isEqualTo(27_000_000_000L);
    }

    /** Three products of 0.343 billion operations each. */
    @Test
    void run_stepsKnownAtRunTimeTogetherBeyondTheLimit_isRefused() throws IOException {
        Path model = HostileEffort.productsAtRunTime(folder, 700, 3);
        Path input = input();

        CommandRun refused = CommandRun.of("run", model, "--input", "x=" + input, "--compute-limit", 1);
        CommandRun allowed =
                CommandRun.of("run", model, "--input", "x=" + input, "--compute-limit", 2, "--output-dir", folder);

        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.LIMIT);
        assertThat(refused.err()).contains("node \"MatMul_", "the run up to here takes 1 billion operations");
        assertThat(allowed.code()).as(allowed.err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void run_outputsBeyondTheHeap_isRefused() throws IOException, InterruptedException {
        Path model = HostileEffort.square(folder, 12_000);

        List<HostileRuns.Ended> all =
                HostileRuns.of(folder, List.of(HostileRuns.Call.of("square", "run", model, "--input", "x=" + input())));

        assertThat(all.get(0).faults(MAX_MILLIS)).isEmpty();
        assertThat(all.get(0).code()).as(all.get(0).err()).isEqualTo(ExitCode.LIMIT.code());
        assertThat(all.get(0).err()).contains("the outputs have 576000000 bytes, more than the Java heap's limit");
    }

    /** The weight takes two mebibytes, and as many again once a kernel has packed it. */
    @Test
    void run_packedWeightBeyondTheMemoryLimit_isRefused() throws IOException {
        Path model = HostileEffort.weight(folder, 256, 2048);
        Path input = folder.resolve("row.npy");
        NpyFile.write(input, Tensor.allocate(DType.F32, Shape.of(4, 256)));

        CommandRun refused = CommandRun.of("run", model, "--input", "x=" + input, "--memory-limit", 3);
        CommandRun allowed = CommandRun.of("run", model, "--input", "x=" + input, "--memory-limit", 6);

        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.LIMIT);
        assertThat(refused.err()).contains("a kernel's weights or scratch needs", "the memory limit is 3145728 bytes");
        assertThat(allowed.code()).as(allowed.err()).isEqualTo(ExitCode.OK);
    }
}
