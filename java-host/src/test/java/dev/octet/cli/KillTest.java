package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.Model;
import dev.octet.data.NpyFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are killed at random moments leave every output as it was or as it was to be. {@code -Doctet.kills=200}
 * kills more of them than the few of a build, {@code -Doctet.seed=N} at other moments.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("octet.kills", 6);
    private static final long SEED = Long.getLong("octet.seed", 6);
    private static final long TIMEOUT_SECONDS = 60;

    /** How long after its first sign of writing a process lives at most. */
    private static final long[] AIMED_NANOS = {1_000_000, 20_000_000, 500_000_000};

    private static final String TEMPORARY = ".octet-*.tmp";

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final Tally tally = new Tally();
    private Path out;

    /** How the killed processes ended. */
    private static final class Tally {
        private int finished;
        private int leftTemporaries;
        private int changed;
    }

    /** A command and what it makes of its outputs, which differs from what the other makes. */
    private record Work(List<String> command, List<byte[]> made) {}

    @BeforeEach
    void createOutputFolder() throws IOException {
        out = Files.createDirectory(folder.resolve("out"));
    }

    @Test
    void quantize_killed_leavesOldOrNewFiles() throws Exception {
        Path model = TinyModels.relu(folder);
        Path data = Files.createDirectory(folder.resolve("data"));
        NpyFile.write(data.resolve("inputs.npy"), samples());
        List<Path> outputs = List.of(out.resolve("model.onnx"), out.resolve("ranges.json"));
        List<Work> works = new ArrayList<>();
        long slowestNanos = 0;
        for (String calibrator : List.of("max", "percentile:60")) {
            List<String> command = OctetProcess.command(
                    "quantize",
                    model,
                    "-o",
                    outputs.get(0),
                    "--save-ranges",
                    outputs.get(1),
                    "--data",
                    data,
                    "--calibrator",
                    calibrator,
                    "--device",
                    "cpu",
                    "--threads",
                    "1");
            long start = System.nanoTime();
            assertThat(start(command).waitFor()).isZero();
            slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
            works.add(new Work(command, contents(outputs)));
        }
        assertThat(works.get(0).made).usingRecursiveComparison().isNotEqualTo(works.get(1).made);

        for (int i = 0; i < KILLS; i++) {
            Work work = works.get(i % 2);
            List<byte[]> before = contents(outputs);
            Process process = start(work.command);
            if (i % 4 < 2) {
                Thread.sleep(random.nextLong(slowestNanos / 1_000_000));
            } else {
                awaitWriting(process);
                TimeUnit.NANOSECONDS.sleep(random.nextLong(AIMED_NANOS[random.nextInt(AIMED_NANOS.length)]));
            }
            tally.finished += process.isAlive() ? 0 : 1;
            kill(process);
            check(i, outputs, before, work.made);
            assertThat(Model.load(outputs.get(0)).graph().nodes()).isNotEmpty();
        }

        assertThat(start(works.get(0).command).waitFor()).isZero();
        assertThat(names()).containsExactly("model.onnx", "ranges.json");
        System.out.println("quantize, seed " + SEED + ": " + KILLS + " kills, " + tally.finished
                + " had finished before, " + tally.leftTemporaries + " left temporaries, " + tally.changed
                + " had replaced their outputs");
    }

    /** A model whose weights lie beside it is never seen with the weights of another. */
    @Test
    void save_killed_leavesOldOrNewModelWithItsWeights() throws Exception {
        Path model = out.resolve("model.onnx");
        for (int i = 0; i < Math.max(2, KILLS / 4); i++) {
            Process process = start(OctetProcess.commandOf(EndlessWriter.class, model));
            assertThat(process.inputReader().readLine()).isEqualTo("written");
            Thread.sleep(random.nextLong(30), random.nextInt(1_000_000));
            kill(process);

            assertThat(EndlessWriter.isWhole(model))
                    .as("kill %d, seed %d: %s", i, SEED, names())
                    .isTrue();
        }
    }

    private static Tensor samples() {
        Tensor samples = Tensor.allocate(DType.F32, Shape.of(16, 3));
        for (int i = 0; i < 48; i++) {
            samples.setFloat(i, i % 11 - 4.5f);
        }
        return samples;
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Waits until a temporary file is there; the first ones only try whether the outputs can be written. */
    private void awaitWriting(Process process) throws IOException, InterruptedException {
        int ignored = random.nextInt(4);
        for (int seen = 0; process.isAlive() && seen <= ignored; ) {
            try (DirectoryStream<Path> temporaries = Files.newDirectoryStream(out, TEMPORARY)) {
                seen += temporaries.iterator().hasNext() ? 1 : 0;
            }
            Thread.sleep(0, 200_000);
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void check(int number, List<Path> outputs, List<byte[]> before, List<byte[]> made) throws IOException {
        List<byte[]> after = contents(outputs);
        for (int i = 0; i < after.size(); i++) {
            assertThat(Arrays.equals(after.get(i), before.get(i)) || Arrays.equals(after.get(i), made.get(i)))
                    .as("kill %d, seed %d: %s is the old or the new one", number, SEED, outputs.get(i))
                    .isTrue();
        }
        boolean changed = Arrays.equals(after.get(0), made.get(0)) && !Arrays.equals(after.get(0), before.get(0));
        tally.changed += changed ? 1 : 0;
        tally.leftTemporaries += names().size() > outputs.size() ? 1 : 0;
    }

    private static List<byte[]> contents(List<Path> files) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(Files.readAllBytes(file));
        }
        return contents;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
