package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that write the same outputs at the same time, one of them killed: every file is whole and is what one of them
 * made. {@code -Doctet.races=N} for more rounds.
 */
class ConcurrentOutputsTest {
    private static final int ROUNDS = Integer.getInteger("octet.races", 1);
    private static final long SEED = Long.getLong("octet.seed", 6);
    private static final long TIMEOUT_SECONDS = 60;

    /** About what a process takes. */
    private static final long MOST_MILLIS = 1500;

    @TempDir
    private Path folder;

    private List<Path> outputs = List.of();

    @BeforeEach
    void createFolders() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        outputs = List.of(out.resolve("q.onnx"), out.resolve("q.json"), out.resolve("ranges.json"));
        Path data = Files.createDirectory(folder.resolve("data"));
        NpyFile.write(data.resolve("inputs.npy"), Tensor.ofFloats(Shape.of(2, 3), 1, -2, 3, -4, 5, -6));
    }

    private Object[] quantize(String calibrator) throws IOException {
        return new Object[] {
            "quantize",
            TinyModels.relu(folder),
            "-o",
            outputs.get(0),
            "--report",
            outputs.get(1),
            "--save-ranges",
            outputs.get(2),
            "--data",
            folder.resolve("data"),
            "--calibrator",
            calibrator
        };
    }

    private List<byte[]> alone(Object... command) throws IOException {
        assertThat(CommandRun.of(command).code()).isEqualTo(ExitCode.OK);
        return made();
    }

    private static Process start(Object... command) throws IOException {
        return new ProcessBuilder(OctetProcess.command(command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void await(Process process) throws InterruptedException {
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** The report tells times, so it differs from run to run; it ends as a report does. */
    private List<byte[]> made() throws IOException {
        assertThat(outputs.get(1)).content().startsWith("{").endsWith("}\n");
        return List.of(Files.readAllBytes(outputs.get(0)), Files.readAllBytes(outputs.get(2)));
    }

    @Test
    void quantize_twoProcessesAtOnceAndOneKilled_leavesWholeFilesOfEither() throws IOException, InterruptedException {
        List<Object[]> commands = List.of(quantize("max"), quantize("percentile:60"));
        List<List<byte[]>> alone = List.of(alone(commands.get(0)), alone(commands.get(1)));
        Random random = new Random(SEED);

        for (int round = 0; round < ROUNDS; round++) {
            List<Process> both = List.of(start(commands.get(0)), start(commands.get(1)));
            Process killed = start(commands.get(round % 2));
            Thread.sleep(random.nextLong(MOST_MILLIS));
            killed.destroyForcibly();
            for (Process process : both) {
                await(process);
                assertThat(process.exitValue()).isZero();
            }
            await(killed);
            List<byte[]> made = made();
            for (int i = 0; i < made.size(); i++) {
                byte[] file = made.get(i);
                int output = i;
                assertThat(alone.stream().anyMatch(whole -> Arrays.equals(whole.get(output), file)))
                        .as("round %d, seed %d, output %d is what one of them makes", round, SEED, i)
                        .isTrue();
            }
        }

        assertThat(alone(commands.get(0))).usingRecursiveComparison().isEqualTo(alone.get(0));
        try (Stream<Path> files = Files.list(outputs.get(0).getParent())) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(outputs);
        }
    }
}
