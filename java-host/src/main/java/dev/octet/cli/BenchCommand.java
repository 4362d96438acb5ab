package dev.octet.cli;

import dev.octet.Model;
import dev.octet.graph.Names;
import dev.octet.report.BenchReport;
import dev.octet.report.BenchReport.Latency;
import dev.octet.report.BenchReport.Ratio;
import dev.octet.report.BenchReport.Run;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.cli.Options;

/** A model's latency and throughput, on request next to a peer's. */
final class BenchCommand implements Command {
    private static final long DEFAULT_SECONDS = 5;
    private static final long MAX_EXTENT = 1 << 20;
    private static final long MAX_SECONDS = 3600;
    private static final long MAX_ITERATIONS = 10_000_000;
    private static final long NANOS = 1_000_000_000;
    private static final double MILLI = 1e6;

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "latency and throughput after a warm-up, on request against a peer in the same run";
    }

    @Override
    public List<String> arguments() {
        return List.of("MODEL");
    }

    @Override
    public Options options() {
        return RunOptions.device(RunOptions.json(new Options()))
                .addOption(RunOptions.valued("threads", "N,...", "CPU thread counts, each measured by itself"))
                .addOption(RunOptions.valued("batch", "N", "value of every free extent without --dim; default 1"))
                .addOption(RunOptions.valued("dim", "NAME=N", "value of the free extent of this name; repeatable"))
                .addOption(RunOptions.valued("shape", "INPUT=AxB...", "shape of one input; repeatable"))
                .addOption(RunOptions.valued("seconds", "S", "measure each runtime this long; default 5"))
                .addOption(RunOptions.valued("iterations", "N", "measure so many runs instead"))
                .addOption(RunOptions.valued("seed", "N", "of the random inputs; default 0"))
                .addOption(RunOptions.valued("against", "PEER", "measure a peer in turns with Octet: ort"))
                .addOption(RunOptions.valued(
                        "peer-model",
                        "FILE",
                        "measure the peer on this form of the model too, its fastest counts; repeatable"));
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Path path = invocation.pathArgument(0);
        List<SessionOptions> sessions = RunOptions.sessions(invocation);
        BenchRounds.Limit limit = limit(invocation);
        Model model = RunOptions.load(invocation, path);
        BenchInputs inputs = BenchInputs.of(
                model.inputs(), extents(invocation), invocation.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
        BenchContest contest = new BenchContest(path, inputs, opponents(invocation, path), limit);
        List<Run> runs = new ArrayList<>();
        List<Ratio> ratios = new ArrayList<>();
        try (Progress progress = invocation.console().progress("measuring", sessions.size() * limit.rounds())) {
            for (SessionOptions options : sessions) {
                try (Session session = RunOptions.open(invocation, model, options)) {
                    BenchContest.Outcome outcome = contest.measure(session, options.threads(), progress::step);
                    runs.addAll(outcome.runs());
                    outcome.ratio().ifPresent(ratios::add);
                }
            }
        }
        print(invocation, BenchReport.of(runs, ratios));
        return ExitCode.OK;
    }

    private static BenchInputs.Extents extents(Invocation invocation) {
        OptionalLong batch = invocation.has("batch")
                ? OptionalLong.of(invocation.integer("batch", 1, 1, MAX_EXTENT))
                : OptionalLong.empty();
        Map<String, Long> named = new HashMap<>();
        for (String pair : invocation.values("dim")) {
            int equals = pair.lastIndexOf('=');
            if (equals < 1) {
                throw new ConfigException("option --dim is \"" + Names.escape(pair) + "\", expected NAME=N");
            }
            named.put(pair.substring(0, equals), Invocation.integer("dim", pair.substring(equals + 1), 1, MAX_EXTENT));
        }
        return new BenchInputs.Extents(batch, named, shapes(invocation));
    }

    private static Map<String, Shape> shapes(Invocation invocation) {
        Map<String, Shape> shapes = new HashMap<>();
        for (String pair : invocation.values("shape")) {
            int equals = pair.lastIndexOf('=');
            if (equals < 1) {
                throw new ConfigException("option --shape is \"" + Names.escape(pair) + "\", expected INPUT=AxB...");
            }
            long[] dims = Arrays.stream(pair.substring(equals + 1).split("x", -1))
                    .mapToLong(extent -> Invocation.integer("shape", extent, 1, MAX_EXTENT))
                    .toArray();
            shapes.put(pair.substring(0, equals), Shape.of(dims));
        }
        return shapes;
    }

    private static Optional<BenchContest.Opponents> opponents(Invocation invocation, Path path) {
        if (!invocation.has("against") && invocation.has("peer-model")) {
            throw new ConfigException("--peer-model needs --against");
        }
        List<Path> models = new ArrayList<>(List.of(path));
        invocation.values("peer-model").forEach(file -> models.add(Invocation.path(file)));
        return invocation.value("against").map(name -> new BenchContest.Opponents(Peers.named(name), models));
    }

    private static BenchRounds.Limit limit(Invocation invocation) {
        if (invocation.has("seconds") && invocation.has("iterations")) {
            throw new ConfigException("give --seconds or --iterations, not both");
        }
        if (invocation.has("iterations")) {
            return new BenchRounds.Limit(invocation.integer("iterations", 1, 1, MAX_ITERATIONS), MAX_SECONDS * NANOS);
        }
        return new BenchRounds.Limit(
                MAX_ITERATIONS, invocation.integer("seconds", DEFAULT_SECONDS, 1, MAX_SECONDS) * NANOS);
    }

    private static void print(Invocation invocation, BenchReport report) {
        if (RunOptions.printedJson(invocation, report)) {
            return;
        }
        Console console = invocation.console();
        Run first = report.runs().get(0);
        console.result(String.format(Locale.ROOT, "%s, batch %d", first.model(), first.batch()));
        console.result(String.format(
                Locale.ROOT,
                "%-22s %-6s %7s %12s %12s %12s %14s %8s",
                "runtime",
                "device",
                "threads",
                "median ms",
                "p90 ms",
                "p99 ms",
                "samples/s",
                "runs"));
        for (Run run : report.runs()) {
            Latency latency = run.latency();
            console.result(String.format(
                    Locale.ROOT,
                    "%-22s %-6s %7d %12.4f %12.4f %12.4f %14.1f %8d%s",
                    run.runtime(),
                    run.device(),
                    run.threads(),
                    latency.medianNanos() / MILLI,
                    latency.p90Nanos() / MILLI,
                    latency.p99Nanos() / MILLI,
                    run.samplesPerSecond(),
                    latency.iterations(),
                    run.model().equals(first.model()) ? "" : "  " + run.model()));
        }
        for (Ratio ratio : report.ratios()) {
            console.result(String.format(
                    Locale.ROOT,
                    "With %d threads Octet is %.2f times as fast by the medians (%.2f to %.2f from round to round)",
                    ratio.threads(),
                    ratio.ratio(),
                    ratio.spread().lowest(),
                    ratio.spread().highest()));
        }
    }
}
