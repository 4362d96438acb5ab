package dev.octet.cli;

import dev.octet.Model;
import dev.octet.report.BenchReport;
import dev.octet.report.BenchReport.Latency;
import dev.octet.report.BenchReport.Run;
import dev.octet.runtime.PeerRuntime;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.commons.cli.Options;

/** A model's latency and throughput, on request next to a peer's. */
final class BenchCommand implements Command {
    private static final long DEFAULT_SECONDS = 5;
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
                .addOption(RunOptions.valued("batch", "N", "value of every free extent; default 1"))
                .addOption(RunOptions.valued("seconds", "S", "measure each runtime this long; default 5"))
                .addOption(RunOptions.valued("iterations", "N", "measure so many runs instead"))
                .addOption(RunOptions.valued("seed", "N", "of the random inputs; default 0"))
                .addOption(RunOptions.valued("against", "PEER", "measure a peer in turns with Octet: ort"));
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Path path = invocation.pathArgument(0);
        SessionOptions options = RunOptions.session(invocation);
        Model model = Model.load(path);
        OptionalLong batch = invocation.has("batch")
                ? OptionalLong.of(invocation.integer("batch", 1, 1, 1 << 20))
                : OptionalLong.empty();
        BenchInputs inputs =
                BenchInputs.of(model.inputs(), batch, invocation.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
        Optional<PeerRuntime> against = invocation.value("against").map(Peers::named);
        BenchReport report;
        try (Session session = RunOptions.open(invocation, model)) {
            String device = session.plan(shapes(inputs.tensors())).backend();
            Contender octet =
                    new Contender(new Setup("octet", device, options.threads()), () -> session.run(inputs.tensors()));
            Target target = new Target(path.toString(), Math.toIntExact(inputs.batch()));
            if (against.isEmpty()) {
                report = measure(invocation, target, List.of(octet));
            } else {
                try (PeerRuntime.Peer peer = against.get().open(path, options.threads())) {
                    Setup setup = new Setup(against.get().version(), "cpu", options.threads());
                    Contender other = new Contender(setup, () -> peer.run(inputs.tensors()));
                    report = measure(invocation, target, List.of(octet, other));
                }
            }
        }
        print(invocation, report);
        return ExitCode.OK;
    }

    /** What is measured. */
    private record Target(String model, int batch) {}

    private record Setup(String runtime, String device, int threads) {}

    private record Contender(Setup setup, Runnable runner) {}

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

    private static Map<String, Shape> shapes(Map<String, Tensor> inputs) {
        Map<String, Shape> shapes = new HashMap<>();
        inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    /** Measures Octet, and after it in the list a peer if there is one. */
    private static BenchReport measure(Invocation invocation, Target target, List<Contender> contenders) {
        BenchRounds.Limit limit = limit(invocation);
        BenchRounds rounds =
                new BenchRounds(contenders.stream().map(Contender::runner).toList());
        try (Progress progress = invocation.console().progress("measuring", limit.rounds())) {
            rounds.measure(limit, progress::step);
        }
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            runs.add(run(contenders.get(i).setup(), target, rounds.latency(i)));
        }
        if (runs.size() == 1) {
            return new BenchReport(runs, OptionalDouble.empty(), Optional.empty());
        }
        double ratio = (double) runs.get(1).latency().medianNanos()
                / runs.get(0).latency().medianNanos();
        return new BenchReport(runs, OptionalDouble.of(ratio), Optional.of(rounds.spread(1, 0)));
    }

    private static Run run(Setup setup, Target target, Latency latency) {
        double samplesPerSecond = (double) target.batch() * NANOS / latency.medianNanos();
        return new Run(
                setup.runtime(),
                target.model(),
                setup.device(),
                setup.threads(),
                target.batch(),
                latency,
                samplesPerSecond);
    }

    private static void print(Invocation invocation, BenchReport report) {
        if (RunOptions.printedJson(invocation, report)) {
            return;
        }
        Console console = invocation.console();
        Run first = report.runs().get(0);
        console.result(
                String.format(Locale.ROOT, "%s, batch %d, %d threads", first.model(), first.batch(), first.threads()));
        console.result(String.format(
                Locale.ROOT,
                "%-22s %-6s %12s %12s %12s %14s %8s",
                "runtime",
                "device",
                "median ms",
                "p90 ms",
                "p99 ms",
                "samples/s",
                "runs"));
        for (Run run : report.runs()) {
            Latency latency = run.latency();
            console.result(String.format(
                    Locale.ROOT,
                    "%-22s %-6s %12.4f %12.4f %12.4f %14.1f %8d",
                    run.runtime(),
                    run.device(),
                    latency.medianNanos() / MILLI,
                    latency.p90Nanos() / MILLI,
                    latency.p99Nanos() / MILLI,
                    run.samplesPerSecond(),
                    latency.iterations()));
        }
        report.ratioSpread()
                .ifPresent(spread -> console.result(String.format(
                        Locale.ROOT,
                        "Octet is %.2f times as fast by the medians (%.2f to %.2f from round to round)",
                        report.ratio().orElseThrow(),
                        spread.lowest(),
                        spread.highest())));
    }
}
