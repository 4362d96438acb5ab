package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.testing.BadInputs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles as text that are made to take time or memory; databases are {@link HostileDatabaseTest}'s. */
class HostileProfilesTest {
    private static final long MAX_MILLIS = 4000;

    @TempDir
    private Path folder;

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] packed(long blanks) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"traceEvents\":[".getBytes(StandardCharsets.US_ASCII));
            byte[] block = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (long i = 0; i < blanks; i += block.length) {
                out.write(block);
            }
        }
        return packed.toByteArray();
    }

    private static byte[] emptyMembers(int count) throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        new GZIPOutputStream(one).close();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.write(one.toByteArray());
        }
        return all.toByteArray();
    }

    private static byte[] names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"ph\":\"X\",\"cat\":\"kernel\",\"name\":\"k" + i + "\",\"ts\":1,\"dur\":1}")
                .collect(Collectors.joining(",", "{\"traceEvents\":[", "]}"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void profile_hostileText_endsSoonWithOneLine() throws IOException, InterruptedException {
        List<HostileRuns.Call> calls = List.of(
                HostileRuns.Call.of("unpacks to more than", "profile", file("bomb.gz", packed(128 << 20))),
                HostileRuns.Call.of("empty members", "profile", file("members.gz", emptyMembers(50_000))),
                HostileRuns.Call.of("ends too early", "profile", file("head.gz", new byte[] {0x1f, (byte) 0x8b})),
                HostileRuns.Call.of("different kernel names", "profile", file("names.json", names(40_000))));

        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            assertThat(ended.faults(MAX_MILLIS)).isEmpty();
            assertThat(ended.code()).as(ended.err()).isIn(ExitCode.INVALID_INPUT.code(), ExitCode.LIMIT.code());
            assertThat(ended.err()).contains(ended.call().id());
        }
    }

    @Test
    void profile_pipe_isInvalidInputAtOnce() throws IOException {
        Path pipe = folder.resolve("pipe");
        BadInputs.makePipe(pipe);

        CommandRun run = CommandRun.of("profile", pipe);

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).hasLineCount(1).contains("is no regular file");
    }
}
