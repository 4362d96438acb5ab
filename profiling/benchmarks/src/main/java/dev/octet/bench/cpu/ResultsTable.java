package dev.octet.bench.cpu;

import dev.octet.backend.cpu.CpuPeaks;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A page of Markdown from the JSON that {@code octet bench --against ort} wrote, one file a measurement. */
public final class ResultsTable {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final double MILLI = 1e6;

    private ResultsTable() {}

    /** Writes the page to standard output; arguments: the folder of results, and the commit they belong to. */
    public static void main(String[] args) throws IOException {
        List<String> lines = new ArrayList<>(header(args[1]));
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                String name = String.valueOf(file.getFileName());
                lines.addAll(rows(name.substring(0, name.indexOf('.')), Files.readString(file)));
            }
        }
        try (PrintStream out =
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8)) {
            lines.forEach(out::println);
        }
    }

    private static List<String> header(String commit) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        CpuPeaks one = CpuPeaks.measure(1);
        CpuPeaks all = CpuPeaks.measure(threads);
        return List.of(
                "# Octet against ONNX Runtime on a CPU",
                "",
                String.format(
                        Locale.ROOT,
                        "%s, %d processors, %s %s; JDK %s; commit %s; %s.",
                        processor(),
                        threads,
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"),
                        commit,
                        LocalDate.now(ZoneOffset.UTC)),
                String.format(
                        Locale.ROOT,
                        "Peak in registers (%s): %.0f INT8 GOPS and %.0f fp32 GFLOPS on one thread, %.0f and %.0f on %d.",
                        one.instructionSet(),
                        one.int8Gops(),
                        one.fp32Gflops(),
                        all.int8Gops(),
                        all.fp32Gflops(),
                        threads),
                "",
                "Made by `profiling/benchmarks/cpu-results.sh`: random inputs, both runtimes in turns in one process. Times are",
                "medians in milliseconds. ONNX Runtime has all optimizations on and, for INT8, the choice of Octet's Q/DQ file and",
                "of what its own quantizer made: the faster counts. Ratio: its median over Octet's, and how far that went from",
                "round to round.",
                "",
                "| model | file | batch | threads | Octet | p90 | ONNX Runtime | p90 | with | ratio | from - to |",
                "|---|---|---|---|---|---|---|---|---|---|---|");
    }

    private static String processor() throws IOException {
        if (!Files.isReadable(CPUINFO)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(CPUINFO, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    /** A row for each thread count of one measurement. */
    static List<String> rows(String name, String json) {
        JsonNode report = JsonMapper.shared().readTree(json);
        List<String> rows = new ArrayList<>();
        for (JsonNode ratio : report.get("ratios")) {
            int threads = ratio.get("threads").asInt();
            String peerModel = ratio.get("peerModel").asString();
            JsonNode ours =
                    run(report, threads, run -> run.get("runtime").asString().equals("octet"));
            JsonNode peer = run(
                    report,
                    threads,
                    run -> !run.get("runtime").asString().equals("octet")
                            && run.get("model").asString().equals(peerModel));
            rows.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %.3f | %.3f | %.3f | %.3f | %s | %.2f | %.2f - %.2f |",
                    name,
                    file(ours),
                    ours.get("batch").asInt(),
                    threads,
                    ours.get("medianNanos").asLong() / MILLI,
                    ours.get("p90Nanos").asLong() / MILLI,
                    peer.get("medianNanos").asLong() / MILLI,
                    peer.get("p90Nanos").asLong() / MILLI,
                    file(peer),
                    ratio.get("ratio").asDouble(),
                    ratio.get("spread").get("lowest").asDouble(),
                    ratio.get("spread").get("highest").asDouble()));
        }
        return rows;
    }

    private static JsonNode run(JsonNode report, int threads, java.util.function.Predicate<JsonNode> wanted) {
        return StreamSupport.stream(report.get("runs").spliterator(), false)
                .filter(run -> run.get("threads").asInt() == threads && wanted.test(run))
                .findFirst()
                .orElseThrow();
    }

    private static String file(JsonNode run) {
        return String.valueOf(Path.of(run.get("model").asString()).getFileName());
    }
}
