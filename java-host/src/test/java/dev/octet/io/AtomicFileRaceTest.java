package dev.octet.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs whose name or folder others use meanwhile. */
class AtomicFileRaceTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 20;
    private static final int BYTES = 100_003;

    @TempDir
    private Path folder;

    private static byte[] content(int writer) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) writer);
        return bytes;
    }

    @Test
    void write_manyAtOnceToOneName_leavesOneOfThemWhole() throws Exception {
        Path target = folder.resolve("out");
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 1; writer <= WRITERS; writer++) {
                byte[] content = content(writer);
                writers.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        AtomicFile.write(target, content);
                        byte[] seen = Files.readAllBytes(target);
                        assertThat(seen).isEqualTo(content(seen[0]));
                    }
                    return null;
                });
            }
            for (Future<Void> ended : threads.invokeAll(writers)) {
                ended.get();
            }
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void commit_folderRemovedMeanwhile_saysWhichFileIsNotWritten() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path target = home.resolve("out");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.out().write(1);
            try (Stream<Path> files = Files.list(home)) {
                for (Path temporary : files.toList()) {
                    Files.delete(temporary);
                }
            }
            Files.delete(home);

            assertThatThrownBy(file::commit)
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("cannot write " + target);
        }
        assertThat(home).doesNotExist();
    }

    @Test
    void write_secondNameOfTheInput_leavesTheInputAsItWas() throws IOException {
        Path input = Files.writeString(folder.resolve("input"), "old");
        Path output = Files.createLink(folder.resolve("output"), input);

        AtomicFile.write(output, "new");

        assertThat(input).hasContent("old");
        assertThat(output).hasContent("new");
    }
}
