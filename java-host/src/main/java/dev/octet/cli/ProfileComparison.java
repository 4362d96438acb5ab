package dev.octet.cli;

import dev.octet.analysis.LayerGeometry;
import dev.octet.graph.Names;
import dev.octet.profile.Profile;
import dev.octet.profile.peak.Gpu;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.profile.roofline.LayerCost;
import dev.octet.profile.roofline.Roofline;
import dev.octet.profile.verdict.Comparison;
import dev.octet.profile.verdict.Run;
import dev.octet.report.ProfileComparisonReport;
import dev.octet.report.ProfileComparisonReport.Finding;
import dev.octet.report.ProfileComparisonReport.NodeTimes;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Two profiles of one model: which node takes how long in each, and why the later run is not faster. */
final class ProfileComparison {
    private static final int LONGEST_NAME = 48;

    private ProfileComparison() {}

    static void print(Invocation invocation, int rows) throws IOException {
        long[] runs = runs(invocation.value("runs", "1,1"));
        Run before = new Run(ProfileFiles.read(invocation.pathArgument(0)), runs[0]);
        Run after = new Run(ProfileFiles.read(invocation.pathArgument(1)), runs[1]);
        Optional<Comparison.Costs> costs = costs(invocation, after.profile());
        ProfileComparisonReport report = ProfileComparisonReport.of(
                invocation.argument(0), invocation.argument(1), Comparison.of(before, after, costs));
        if (!RunOptions.printedJson(invocation, report)) {
            print(report, rows, invocation.console());
        }
    }

    private static long[] runs(String text) {
        String[] counts = text.split(",", -1);
        if (counts.length != 2) {
            throw new ConfigException("--runs is \"" + text + "\", expected two numbers such as 100,100");
        }
        return new long[] {
            Invocation.integer("runs", counts[0], 1, Integer.MAX_VALUE),
            Invocation.integer("runs", counts[1], 1, Integer.MAX_VALUE)
        };
    }

    private static Optional<Comparison.Costs> costs(Invocation invocation, Profile later) {
        if (!invocation.has("model")) {
            return Optional.empty();
        }
        Gpu gpu = GpuOption.namedOrOf(invocation, Optional.of(later));
        SizedModel sized = SizedModel.load(invocation, invocation.requiredPath("model"));
        Map<String, LayerCost> costs = LayerGeometry.of(sized.model().graph(), sized.types()).stream()
                .map(layer -> layer.cost(PeakPrecision.INT8.sizeBytes()))
                .collect(Collectors.toMap(LayerCost::name, Function.identity(), (first, _) -> first));
        return Optional.of(new Comparison.Costs(Roofline.of(gpu, PeakPrecision.INT8), costs));
    }

    private static void print(ProfileComparisonReport report, int rows, Console console) {
        console.result(String.format(
                Locale.ROOT,
                "a run takes %s in %s, %s in %s: %.2f times as fast",
                micros(report.beforeNanos()),
                Names.escape(report.before()),
                micros(report.afterNanos()),
                Names.escape(report.after()),
                report.speedup()));
        String format = "%-" + LONGEST_NAME + "s %12s %12s %8s %-8s  %s";
        console.result(String.format(Locale.ROOT, format, "node", "before", "after", "ratio", "unit", "kernel"));
        for (NodeTimes node : report.nodes().stream().limit(rows).toList()) {
            console.result(String.format(
                    Locale.ROOT,
                    format,
                    shortened(node.node().orElse("(no range)")),
                    micros(node.beforeNanos()),
                    micros(node.afterNanos()),
                    node.afterNanos() == 0
                            ? "-"
                            : String.format(Locale.ROOT, "%.2f", (double) node.beforeNanos() / node.afterNanos()),
                    node.unit().orElse("-"),
                    shortened(node.kernel().orElse("-"))));
        }
        printVerdicts(report.verdicts(), rows, console);
    }

    private static void printVerdicts(List<Finding> verdicts, int rows, Console console) {
        if (verdicts.isEmpty()) {
            console.result("nothing found that holds the later run back");
            return;
        }
        console.result("why it is not faster, the greatest possible gain of a run first:");
        for (Finding verdict : verdicts.stream().limit(rows).toList()) {
            String gain =
                    verdict.gainNanos().map(nanos -> "at most " + micros(nanos)).orElse("gain unknown");
            console.result("  " + verdict.title()
                    + verdict.node().map(node -> ", " + Names.escape(node)).orElse("") + " (" + gain + "): "
                    + Names.escape(verdict.evidence()));
            console.result("    " + verdict.fix());
        }
        if (verdicts.size() > rows) {
            console.result((verdicts.size() - rows) + " more; --top N or --json shows them");
        }
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
    }

    private static String shortened(String text) {
        String name = Names.escape(text);
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 3) + "...";
    }
}
