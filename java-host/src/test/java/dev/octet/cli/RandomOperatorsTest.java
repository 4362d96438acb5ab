package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.onnx.RandomOperators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operators whose operands and attributes went wrong at random, run and quantized in a process with 256 MiB. The property
 * {@code octet.operators} says how many, {@code octet.seed} with which seed to begin, {@code octet.hostile.device} where.
 */
class RandomOperatorsTest {
    private static final int MODELS = Integer.getInteger("octet.operators", 40);
    private static final long SEED = Long.getLong("octet.seed", 1);
    private static final String DEVICE = System.getProperty("octet.hostile.device", "cpu");
    private static final long MAX_MILLIS = 2000;

    @TempDir
    private Path folder;

    @Test
    void everyCommand_randomOperator_neverFailsInternally() throws IOException, InterruptedException {
        List<HostileRuns.Call> calls = new ArrayList<>();
        for (int i = 0; i < MODELS; i++) {
            long seed = SEED + i;
            Path home = Files.createDirectories(folder.resolve("models").resolve(Long.toString(seed)));
            calls.addAll(calls(seed, RandomOperators.write(home, seed)));
        }

        List<String> wrong = new ArrayList<>();
        Map<Integer, Integer> codes = new TreeMap<>();
        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            wrong.addAll(ended.faults(MAX_MILLIS));
            codes.merge(ended.code(), 1, Integer::sum);
        }

        assertThat(wrong).isEmpty();
        // A campaign that nearly everything is refused in would not reach the kernels.
        assertThat(codes.getOrDefault(0, 0)).as("exit codes %s", codes).isGreaterThan(calls.size() / 4);
        System.out.println("random operators from seed " + SEED + " on " + DEVICE + ", exit codes: " + codes);
    }

    private List<HostileRuns.Call> calls(long seed, RandomOperators.Case one) {
        String id = "seed " + seed + ", " + one.op();
        Path out = HostileRuns.out(folder);
        List<Object> run = new ArrayList<>(List.of(
                "run", one.model(), "--output-dir", out, "--memory-limit", 200, "--threads", 1, "--device", DEVICE));
        one.inputs().forEach(input -> run.addAll(List.of("--input", input)));
        return List.of(
                HostileRuns.Call.of(id, run.toArray()),
                HostileRuns.Call.of(id, "inspect", one.model()),
                HostileRuns.Call.of(
                        id, "bench", one.model(), "--iterations", 1, "--memory-limit", 200, "--device", DEVICE));
    }
}
