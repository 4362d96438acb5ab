package dev.octet.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Calls of the command line, one after another in one Java process of little memory: {@link #of} starts it, {@link #main}
 * is what it runs.
 */
final class HostileRuns {
    /** Heap of the process. */
    static final String HEAP = "-Xmx256m";

    private static final long TIMEOUT_SECONDS = Integer.getInteger("octet.hostile.seconds", 600);

    private HostileRuns() {}

    /** A call; its outputs go to {@code out} in the folder of {@link #of}, which is emptied after each. */
    record Call(String id, List<String> args) {
        static Call of(String id, Object... args) {
            return new Call(id, Arrays.stream(args).map(Object::toString).toList());
        }
    }

    /**
     * How a call ended.
     *
     * @param millis of the processor
     * @param written the files it left in {@code out}
     */
    record Ended(Call call, int code, long millis, String err, List<String> written) {
        /** What is wrong whatever the call: internal errors, stack traces, several lines, long waits, half-written files. */
        List<String> faults(long maxMillis) {
            List<String> faults = new ArrayList<>();
            if (code == ExitCode.INTERNAL.code()) {
                faults.add("internal error");
            }
            if (err.contains("\tat ") || err.contains("Exception in thread")) {
                faults.add("stack trace");
            }
            if (err.chars().anyMatch(c -> c != '\n' && Character.isISOControl(c))) {
                faults.add("control characters");
            }
            if (code != 0 && err.lines().count() != 1) {
                faults.add(err.lines().count() + " lines");
            }
            if (err.lines().anyMatch(line -> line.length() > 1023)) {
                faults.add("a line is too long");
            }
            if (millis > maxMillis) {
                faults.add("took " + millis + " ms");
            }
            if (code != 0 && !written.isEmpty()) {
                faults.add("wrote " + written);
            }
            return faults.stream()
                    .map(fault -> call.id + " " + String.join(" ", call.args) + ": " + fault + ": exit " + code + ": "
                            + err.strip())
                    .toList();
        }
    }

    /** The folder that calls write to. */
    static Path out(Path folder) {
        return folder.resolve("out");
    }

    /** Runs all calls in one new process. */
    static List<Ended> of(Path folder, List<Call> calls) throws IOException, InterruptedException {
        Files.createDirectories(out(folder));
        Path jobs = folder.resolve("jobs.txt");
        Path results = folder.resolve("results.txt");
        Files.write(
                jobs,
                calls.stream()
                        .map(call -> Stream.concat(Stream.of(call.id), call.args.stream())
                                .map(HostileRuns::encode)
                                .reduce((a, b) -> a + " " + b)
                                .orElseThrow())
                        .toList());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileRuns.class.getName(),
                        jobs.toString(),
                        results.toString(),
                        out(folder).toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("process.txt").toFile())
                .start();
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        List<Ended> all = new ArrayList<>();
        for (String line : Files.readAllLines(results)) {
            all.add(ended(calls.get(all.size()), line.split(" ", -1)));
        }
        if (!ended || process.exitValue() != 0) {
            Call last = calls.get(Math.min(all.size(), calls.size() - 1));
            throw new AssertionError(
                    "the process ended or hung at " + last + ": " + Files.readString(folder.resolve("process.txt")));
        }
        return all;
    }

    private static Ended ended(Call call, String... cells) {
        return new Ended(
                call,
                Integer.parseInt(cells[0]),
                Long.parseLong(cells[1]),
                decode(cells[2]),
                Arrays.stream(cells).skip(3).map(HostileRuns::decode).toList());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Runs the calls of a file and writes how each ended as soon as it has. */
    public static void main(String[] args) throws IOException {
        Path out = Path.of(args[2]);
        try (var results = Files.newBufferedWriter(Path.of(args[1]))) {
            for (String line : Files.readAllLines(Path.of(args[0]))) {
                List<String> call = Arrays.stream(line.split(" ", -1))
                        .map(HostileRuns::decode)
                        .toList();
                long start = cpuNanos();
                CommandRun run = CommandRun.of(call.subList(1, call.size()).toArray());
                long millis = TimeUnit.NANOSECONDS.toMillis(cpuNanos() - start);
                results.write(run.code().code() + " " + millis + " " + encode(run.err()));
                for (String written : emptied(out)) {
                    results.write(" " + encode(written));
                }
                results.newLine();
                results.flush();
            }
        }
    }

    /** Time of the processor, which other work on the machine does not lengthen; a wait without end ends in a timeout. */
    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : System.nanoTime();
    }

    private static List<String> emptied(Path folder) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.walk(folder)) {
            found = files.filter(file -> !file.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : found) {
            Files.delete(file);
        }
        return found.stream().map(file -> folder.relativize(file).toString()).toList();
    }
}
