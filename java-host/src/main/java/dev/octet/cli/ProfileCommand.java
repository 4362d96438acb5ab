package dev.octet.cli;

import dev.octet.graph.Names;
import dev.octet.io.InputFiles;
import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelNames;
import dev.octet.profile.Profile;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.report.ProfileReport;
import dev.octet.report.ProfileReport.KernelTime;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** Which kernel used which unit of the GPU, from a profiler's file or from names alone. */
final class ProfileCommand implements Command {
    private static final int MAX_NAMES = 1 << 16;

    private static final int ROWS = 20;
    private static final int LONGEST_NAME = 100;

    @Override
    public String name() {
        return "profile";
    }

    @Override
    public String summary() {
        return "which kernels ran, on which unit: tensor cores, CUDA cores, memory";
    }

    @Override
    public List<String> arguments() {
        return List.of("[FILE]", "[LATER]");
    }

    @Override
    public boolean takes(int count) {
        return count <= 2;
    }

    @Override
    public Options options() {
        return RunOptions.device(RunOptions.json(new Options()))
                .addOption(
                        RunOptions.valued(
                                "run",
                                "MODEL",
                                "run MODEL on made-up inputs and time each step; on a GPU under Nsight Systems where nsys is on the PATH"))
                .addOption(RunOptions.valued("repeats", "N", "how often --run runs; default 20"))
                .addOption(RunOptions.valued(
                        "trace",
                        "FILE",
                        "time the steps without Nsight Systems and write them as a Chrome trace, which Perfetto shows"))
                .addOption(RunOptions.valued(
                        "names", "FILE", "classify kernel names, one a line: name, unit, instruction, precision"))
                .addOption(RunOptions.valued("top", "N", "how many kernels or nodes to print; default " + ROWS))
                .addOption(RunOptions.valued(
                        "runs", "N,M", "how often the model ran in FILE and in LATER; default 1,1: compares totals"))
                .addOption(RunOptions.valued("model", "MODEL", "the later run's model, to tell memory-bound nodes"))
                .addOption(
                        RunOptions.valued("gpu", "NAME", "the GPU of both runs, with --model; default that of LATER"))
                .addOption(RunOptions.valued("batch", "N", "value of every free extent of MODEL; default 1"));
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        int sources = (invocation.has("names") ? 1 : 0)
                + (invocation.has("run") ? 1 : 0)
                + (invocation.arguments().isEmpty() ? 0 : 1);
        if (sources != 1) {
            throw new ConfigException(
                    "octet profile reads either FILE (Nsight Systems SQLite or CSV, Nsight Compute CSV, PyTorch or"
                            + " ONNX Runtime trace), or two of them to compare, or --run MODEL, or --names FILE");
        }
        if (invocation.has("names")) {
            printNames(invocation.requiredPath("names"), invocation.console());
            return ExitCode.OK;
        }
        int rows = (int) invocation.integer("top", ROWS, 1, 1 << 20);
        if (invocation.has("run")) {
            Optional<Path> nsys = NsysRun.find(invocation);
            if (nsys.isEmpty()) {
                ProfileRun.print(invocation, rows);
            } else {
                Profile profile = NsysRun.record(nsys.get(), invocation);
                print(invocation, ProfileReport.of(invocation.value("run", ""), profile), rows);
            }
            return ExitCode.OK;
        }
        if (invocation.arguments().size() == 2) {
            ProfileComparison.print(invocation, rows);
            return ExitCode.OK;
        }
        Path file = invocation.pathArgument(0);
        print(invocation, ProfileReport.of(file.toString(), ProfileFiles.read(file)), rows);
        return ExitCode.OK;
    }

    private static void print(Invocation invocation, ProfileReport report, int rows) {
        if (!RunOptions.printedJson(invocation, report)) {
            print(report, rows, invocation.console());
        }
    }

    private static void printNames(Path file, Console console) throws IOException {
        KernelNames names = KernelNames.load();
        for (String name : lines(file)) {
            KernelClass kernelClass = names.classify(name);
            console.result(String.join(
                    "\t", name, kernelClass.unit().name(), kernelClass.instructionText(), kernelClass.precisionText()));
        }
    }

    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(InputFiles.requireRegular(file))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (lines.size() == MAX_NAMES) {
                    throw new LimitException(file + " has more than " + MAX_NAMES + " lines");
                }
                lines.add(line);
            }
        } catch (MalformedInputException e) {
            throw new InputException(file + " is not UTF-8 text", e);
        }
        return lines;
    }

    private static void print(ProfileReport report, int rows, Console console) {
        console.result(Names.escape(report.file()) + ": " + report.source());
        for (ProfileReport.DeviceUse device : report.devices()) {
            console.result(String.format(
                    Locale.ROOT,
                    "  %s%s: %.3f ms, tensor cores %.1f%% of it%s",
                    Names.escape(device.name()),
                    device.capability().map(text -> ", " + text).orElse(""),
                    device.nanos() / 1e6,
                    100 * device.tensorShare(),
                    device.peaks().isEmpty() ? "" : "; at most " + String.join(", ", device.peaks())));
        }
        console.result(String.format(
                Locale.ROOT,
                "%.3f ms in all; tensor-core share of GPU time %.1f%%",
                report.totalNanos() / 1e6,
                100 * report.tensorShare()));
        for (ProfileReport.UnitTime unit : report.units()) {
            if (unit.nanos() > 0) {
                console.result(String.format(
                        Locale.ROOT, "  %-8s %10.3f ms %5.1f%%", unit.unit(), unit.nanos() / 1e6, 100 * unit.share()));
            }
        }
        String format = "%-8s %-26s %-9s %-8s %10s %6s %8s  %s";
        console.result(String.format(
                Locale.ROOT, format, "unit", "instruction", "precision", "evidence", "ms", "share", "calls", "kernel"));
        for (KernelTime kernel : report.kernels().stream().limit(rows).toList()) {
            console.result(String.format(
                    Locale.ROOT,
                    format,
                    kernel.unit(),
                    kernel.instruction(),
                    kernel.precision(),
                    kernel.evidence(),
                    String.format(Locale.ROOT, "%.3f", kernel.totalNanos() / 1e6),
                    String.format(Locale.ROOT, "%.1f%%", 100 * kernel.share()),
                    kernel.calls(),
                    shortened(kernel)));
        }
        if (report.kernels().size() > rows) {
            console.result((report.kernels().size() - rows) + " more; --top N or --json shows them");
        }
    }

    private static String shortened(KernelTime kernel) {
        String name = Names.escape(kernel.name());
        String cut = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 3) + "...";
        return cut + kernel.range().map(range -> "  in " + Names.escape(range)).orElse("");
    }
}
