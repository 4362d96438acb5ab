package dev.octet.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that reads files reads what was found to break it once, and mutations of well-formed files: a second of
 * them for each target, or {@code -Doctet.fuzz.seconds=N}; {@code -Doctet.seed=N} for others.
 */
class FuzzTest {
    private static final long SEED = Long.getLong("octet.seed", 25);
    private static final long SECONDS = Long.getLong("octet.fuzz.seconds", 1);
    private static final long MAX_INPUTS = SECONDS * 1000;
    private static final long MAX_MILLIS = 10_000;
    private static final int MAX_FINDINGS = 10;

    @TempDir
    private Path folder;

    static List<String> targets() {
        return FuzzTargets.NAMES;
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void read_whatWasFound_isRefusedOrRead(String name) throws IOException {
        FuzzTarget target = FuzzTargets.of(name, folder);
        List<String> findings = new ArrayList<>();
        for (Path file : corpus(name)) {
            finding(target, Files.readAllBytes(file)).ifPresent(text -> findings.add(file.getFileName() + ": " + text));
        }

        assertThat(findings).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void read_mutations_areRefusedOrRead(String name) throws IOException {
        FuzzTarget target = FuzzTargets.of(name, folder);
        Random random = new Random(SEED);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<String> findings = new ArrayList<>();
        for (long i = 0; i < MAX_INPUTS && System.nanoTime() < deadline && findings.size() < MAX_FINDINGS; i++) {
            byte[] seed = target.seeds().get(random.nextInt(target.seeds().size()));
            byte[] bytes = target.mutation().mutate(seed, target.seeds(), random);
            Optional<String> finding = finding(target, bytes);
            if (finding.isPresent()) {
                findings.add(
                        "seed " + SEED + ", input " + i + ", kept as " + keep(name, i, bytes) + ": " + finding.get());
            }
        }

        assertThat(findings).isEmpty();
    }

    private Optional<String> finding(FuzzTarget target, byte[] bytes) {
        long start = cpuNanos();
        Optional<Throwable> fault = target.feed(bytes, folder);
        long millis = TimeUnit.NANOSECONDS.toMillis(cpuNanos() - start);
        if (fault.isPresent()) {
            return Optional.of(described(fault.get()));
        }
        return millis > MAX_MILLIS ? Optional.of("took " + millis + " ms") : Optional.empty();
    }

    /** Time of this thread, which does all the work: a machine that is busy with other things is no finding. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String described(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        StackTraceElement[] trace = root.getStackTrace();
        return fault + (trace.length > 0 ? ", from " + root.getClass().getSimpleName() + " at " + trace[0] : "");
    }

    private static Path keep(String name, long number, byte[] bytes) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "fuzz", name));
        return Files.write(folder.resolve("seed" + SEED + "-" + number), bytes);
    }

    /** Small files that broke the target once; each is named for what was wrong. */
    private static List<Path> corpus(String name) throws IOException {
        URL url = FuzzTest.class.getResource(name);
        if (url == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
            return files.sorted().toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
