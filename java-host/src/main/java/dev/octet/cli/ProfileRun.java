package dev.octet.cli;

import dev.octet.Model;
import dev.octet.analysis.LayerGeometry;
import dev.octet.graph.Names;
import dev.octet.profile.Profile;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.report.StepTrace;
import dev.octet.report.StepsReport;
import dev.octet.report.StepsReport.StepTime;
import dev.octet.runtime.Session;
import dev.octet.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Runs a model on made-up inputs and tells how long each step of its plan takes. */
final class ProfileRun {
    private static final int DEFAULT_REPEATS = 20;
    private static final int WARM_UPS = 5;
    private static final int LONGEST_NAME = 60;

    private ProfileRun() {}

    static void print(Invocation invocation, int rows) throws IOException {
        Path path = invocation.requiredPath("run");
        Optional<Path> kept = invocation.path(invocation.value("trace"));
        kept.ifPresent(trace -> InputsKept.require(trace, List.of(path)));
        Model model = RunOptions.load(invocation, path);
        OptionalLong batch = invocation.has("batch")
                ? OptionalLong.of(invocation.integer("batch", 1, 1, 1 << 20))
                : OptionalLong.empty();
        BenchInputs inputs = BenchInputs.of(model.inputs(), new BenchInputs.Extents(batch, Map.of()), 0);
        StepTrace trace = new StepTrace();
        String device = record(invocation, model, inputs, trace);
        StepsReport.Subject subject = new StepsReport.Subject(
                invocation.value("run", ""), device, repeats(invocation), kept.map(Path::toString));
        StepsReport report = StepsReport.of(subject, profile(trace, kept), macs(model, inputs));
        if (!RunOptions.printedJson(invocation, report)) {
            print(report, rows, invocation.console());
        }
    }

    private static int repeats(Invocation invocation) {
        return (int) invocation.integer("repeats", DEFAULT_REPEATS, 1, 1 << 20);
    }

    /** Fills the trace and says where the model ran. */
    private static String record(Invocation invocation, Model model, BenchInputs inputs, StepTrace trace) {
        int repeats = repeats(invocation);
        try (Session session = RunOptions.open(
                invocation, model, RunOptions.session(invocation).withListener(trace))) {
            trace.ranOn(session.plan(shapes(inputs)).backend());
            for (int i = 0; i < WARM_UPS; i++) {
                session.run(inputs.tensors());
            }
            trace.clear();
            for (int i = 0; i < repeats; i++) {
                session.run(inputs.tensors());
            }
            return session.deviceReason();
        }
    }

    /** Reads the trace back as the profile that it is. */
    private static Profile profile(StepTrace trace, Optional<Path> kept) throws IOException {
        if (kept.isPresent()) {
            trace.write(kept.get());
            return ProfileFiles.read(kept.get());
        }
        Path file = Files.createTempFile("octet", ".json");
        try {
            file.toFile().deleteOnExit();
            trace.write(file);
            return ProfileFiles.read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Map<String, Shape> shapes(BenchInputs inputs) {
        Map<String, Shape> shapes = new HashMap<>();
        inputs.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    private static Map<String, Long> macs(Model model, BenchInputs inputs) {
        return LayerGeometry.of(model.graph(), model.infer(shapes(inputs))).stream()
                .collect(Collectors.toMap(
                        layer -> layer.work().node(), layer -> layer.work().macs(), (first, _) -> first));
    }

    private static void print(StepsReport report, int rows, Console console) {
        console.result(String.format(
                Locale.ROOT,
                "%s, %d runs on %s: the steps of a run take %.1f us",
                Names.escape(report.model()),
                report.runs(),
                report.device(),
                report.runNanos() / 1e3));
        String format = "%-" + LONGEST_NAME + "s %-26s %-9s %10s %6s %9s";
        console.result(
                String.format(Locale.ROOT, format, "node", "kernel", "precision", "median us", "share", "GMAC/s"));
        for (StepTime step : report.steps().stream().limit(rows).toList()) {
            console.result(String.format(
                    Locale.ROOT,
                    format,
                    shortened(step.node()),
                    step.kernel(),
                    step.precision(),
                    String.format(Locale.ROOT, "%.1f", step.medianNanos() / 1e3),
                    String.format(Locale.ROOT, "%.1f%%", 100 * step.share()),
                    step.gigaMacsPerSecond()
                            .map(rate -> String.format(Locale.ROOT, "%.1f", rate))
                            .orElse("-")));
        }
        if (report.steps().size() > rows) {
            console.result((report.steps().size() - rows) + " more; --top N or --json shows them");
        }
    }

    private static String shortened(String text) {
        String name = Names.escape(text);
        return name.length() <= LONGEST_NAME ? name : "..." + name.substring(name.length() - LONGEST_NAME + 3);
    }
}
