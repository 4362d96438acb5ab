package dev.octet.cli;

import dev.octet.profile.peak.Gpu;
import dev.octet.profile.peak.Peak;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.report.PeaksReport;
import dev.octet.report.PeaksReport.PeakEntry;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** The most that a GPU can do, with the derivation of each figure. */
final class PeaksCommand implements Command {
    @Override
    public String name() {
        return "peaks";
    }

    @Override
    public String summary() {
        return "FLOPS and TOPS of a GPU, derived from its clock, or of this CPU, measured";
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public Options options() {
        return RunOptions.json(new Options())
                .addOption(RunOptions.valued("gpu", "NAME", "such as \"A100\" or T4"))
                .addOption(RunOptions.valued("profile", "FILE", "the GPU that this profile was taken on"))
                .addOption(RunOptions.flag("measure", "measure this machine's CPU instead; takes half a second"))
                .addOption(RunOptions.valued("threads", "N", "with --measure; default one a processor"));
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        if (Stream.of("measure", "gpu", "profile").filter(invocation::has).count() != 1) {
            throw new ConfigException("octet peaks takes one of --measure or --gpu NAME or --profile FILE; known are "
                    + GpuOption.known());
        }
        PeaksReport report;
        if (invocation.has("measure")) {
            report = ofHost(invocation);
        } else if (invocation.has("profile")) {
            report = ofGpu(GpuOption.of(ProfileFiles.read(invocation.requiredPath("profile"))));
        } else {
            report = ofGpu(GpuOption.named(invocation));
        }
        if (!RunOptions.printedJson(invocation, report)) {
            print(invocation.console(), report);
        }
        return ExitCode.OK;
    }

    private static PeaksReport ofGpu(Gpu gpu) {
        return new PeaksReport(
                gpu.name(),
                gpu.capability(),
                gpu.bandwidthGBs(),
                gpu.peaks().stream()
                        .map(peak -> entry(gpu.bandwidthGBs(), peak))
                        .toList());
    }

    private static PeaksReport ofHost(Invocation invocation) {
        HostPeaks peaks = HostPeaks.measure(threads(invocation));
        double bandwidth = peaks.measured().copyGBs();
        return new PeaksReport(
                HostProcessor.name(),
                peaks.measured().instructionSet(),
                bandwidth,
                peaks.all().stream().map(peak -> entry(bandwidth, peak)).toList());
    }

    /** The threads to measure with. */
    static int threads(Invocation invocation) {
        return (int) invocation.integer("threads", Runtime.getRuntime().availableProcessors(), 1, 1024);
    }

    private static PeakEntry entry(double bandwidthGBs, Peak peak) {
        return new PeakEntry(
                peak.unit().label(),
                peak.precision().label(),
                peak.tops(),
                peak.derivation(),
                peak.tops() * 1e3 / bandwidthGBs);
    }

    private static void print(Console console, PeaksReport report) {
        console.result(String.format(
                Locale.ROOT,
                "%s, %s, memory %.0f GB/s",
                report.name(),
                Character.isDigit(report.capability().charAt(0))
                        ? "compute capability " + report.capability()
                        : report.capability(),
                report.bandwidthGBs()));
        for (PeakEntry peak : report.peaks()) {
            console.result(String.format(
                    Locale.ROOT,
                    "  %-24s %-20s %-62s ridge %.0f ops/byte",
                    peak.unit(),
                    peak.precision(),
                    peak.derivation(),
                    peak.ridgePoint()));
        }
    }
}
