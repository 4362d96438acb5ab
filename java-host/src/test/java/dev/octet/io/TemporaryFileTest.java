package dev.octet.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryFileTest {
    private static final long TIMEOUT_SECONDS = 60;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void end_bySignal_deletesTheFileAndKeepsTheTarget(String signal, int code) throws Exception {
        Path target = Files.writeString(folder.resolve("out"), "old");
        Process process = start(target);

        signal(process, signal);

        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
        assertThat(names()).containsExactly("out");
        assertThat(target).hasContent("old");
    }

    @Test
    void create_afterAKill_deletesWhatWasLeft() throws Exception {
        Path target = Files.writeString(folder.resolve("out"), "old");
        Process process = start(target);
        signal(process, "KILL");
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(names()).hasSize(2);
        assertThat(target).hasContent("old");

        AtomicFile.write(folder.resolve("other"), "new");

        assertThat(names()).containsExactlyInAnyOrder("other", "out");
    }

    @Test
    void create_whileOthersAreOpen_leavesThem() throws Exception {
        Process process = start(folder.resolve("out"));
        try (TemporaryFile ours = TemporaryFile.create(folder);
                TemporaryFile another = TemporaryFile.create(folder)) {
            assertThat(names()).hasSize(3).contains(ours.path().getFileName().toString());
            assertThat(another.path()).exists();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(names()).hasSize(1);
    }

    @Test
    void create_filesThatAreNotOurs_leavesThem() throws IOException {
        List<String> others = List.of(".octet-0123456789abcdef", ".octet-xyz.tmp", "octet-0123456789abcdef.tmp");
        for (String other : others) {
            Files.writeString(folder.resolve(other), "");
        }
        Files.createDirectory(folder.resolve(".octet-0123456789abcdee.tmp"));
        Files.createSymbolicLink(folder.resolve(".octet-0123456789abcded.tmp"), Path.of(others.get(0)));

        TemporaryFile.create(folder).close();

        assertThat(names()).hasSize(5);
    }

    private static void signal(Process process, String name) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "no /bin/kill on this system");
        assumeFalse(
                name.equals("INT") && ignoresInterrupts(), "SIGINT is ignored here, as in a shell's background jobs");
        assertThat(new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Whether children inherit that SIGINT, number 2, is ignored. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+")[1], 16) & 2) != 0);
        }
    }

    private static Process start(Path target) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeldFile.class.getName(),
                        target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        assertThat(reader.readLine()).isEqualTo("open");
        return process;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
