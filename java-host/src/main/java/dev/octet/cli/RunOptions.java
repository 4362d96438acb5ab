package dev.octet.cli;

import dev.octet.Model;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.onnx.ReadOptions;
import dev.octet.report.ReportJson;
import dev.octet.report.RunReport;
import dev.octet.runtime.Backends;
import dev.octet.runtime.Device;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.Plan;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Options that several commands share, and how they are read. */
final class RunOptions {
    private static final long MAX_THREADS = 1024;

    private RunOptions() {}

    static Option flag(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }

    static Option valued(String name, String argument, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(argument)
                .desc(description)
                .get();
    }

    /** Adds {@code --json}. */
    static Options json(Options options) {
        return options.addOption(flag("json", "print the result as JSON"));
    }

    /** Adds the options of {@link #load}. */
    static Options model(Options options) {
        return options.addOption(valued(
                "max-model-size",
                "MIB",
                "refuse a model whose file, or whose tensors with external data, have more; default "
                        + (ReadOptions.DEFAULT_MAX_BYTES >> 20)));
    }

    /** Loads the model that an argument names; what is odd about it becomes a remark. */
    static Model load(Invocation invocation, int argument) {
        return load(invocation, invocation.pathArgument(argument));
    }

    /** Like {@link #load(Invocation, int)}. */
    static Model load(Invocation invocation, Path file) {
        long maxMebibytes =
                invocation.integer("max-model-size", ReadOptions.DEFAULT_MAX_BYTES >> 20, 1, Long.MAX_VALUE >> 20);
        return Model.load(file, new ReadOptions(maxMebibytes << 20, invocation.console()::remark));
    }

    /** Adds the options of {@link #load} and {@link #session}. */
    static Options device(Options options) {
        return model(options)
                .addOption(valued("device", "DEVICE", "auto (default), cpu or cuda[:n]"))
                .addOption(valued("threads", "N", "CPU threads; default one a processor"))
                .addOption(valued("memory-limit", "MIB", "refuse plans that need more memory"))
                .addOption(valued(
                        "compute-limit",
                        "N",
                        "refuse runs of more than N billion operations; default 10000, on a GPU 1000000"))
                .addOption(valued(
                        "cpu-kernels",
                        "NAME",
                        "auto (default), java, generic, avx2, avxvnni, avx512vnni or neondot: which kernels"))
                .addOption(flag("strict", "refuse a plan with a layer that runs wider than the model declares"));
    }

    static SessionOptions session(Invocation invocation) {
        SessionOptions options = beforeThreads(invocation);
        return invocation.has("threads")
                ? options.withThreads((int) invocation.integer("threads", 1, 1, MAX_THREADS))
                : options;
    }

    /** The options of {@link #session} once for each thread count of a comma-separated list. */
    static List<SessionOptions> sessions(Invocation invocation) {
        SessionOptions options = beforeThreads(invocation);
        return invocation
                .value("threads")
                .map(list -> Arrays.stream(list.split(",", -1))
                        .map(count -> options.withThreads((int) Invocation.integer("threads", count, 1, MAX_THREADS)))
                        .toList())
                .orElse(List.of(options));
    }

    private static SessionOptions beforeThreads(Invocation invocation) {
        SessionOptions options = SessionOptions.defaults()
                .withDevice(DeviceChoice.parse(invocation.value("device", "auto")))
                .withKernels(invocation.value("cpu-kernels", "auto"));
        if (invocation.has("memory-limit")) {
            options = options.withMemoryLimit(invocation.integer("memory-limit", 1, 1, Long.MAX_VALUE >> 20) << 20);
        }
        if (invocation.has("compute-limit")) {
            options = options.withComputeLimit(1e9 * invocation.integer("compute-limit", 1, 1, Long.MAX_VALUE));
        }
        return options;
    }

    /** Opens a session as the options ask, and says which device it runs on if that was left open. */
    static Session open(Invocation invocation, Model model) {
        return open(invocation, model, session(invocation));
    }

    /** Like {@link #open(Invocation, Model)}, with options that were read before. */
    static Session open(Invocation invocation, Model model, SessionOptions options) {
        Session session = model.open(options);
        if (invocation.has("strict")) {
            refuseFallbacks(session, model);
        }
        if (isDeviceLeftOpen(invocation)) {
            remarkDevice(invocation, session.deviceReason());
        }
        return session;
    }

    private static boolean isDeviceLeftOpen(Invocation invocation) {
        return invocation.value("device", "auto").equals("auto");
    }

    private static void remarkDevice(Invocation invocation, String reason) {
        invocation.console().remark("running on " + reason);
    }

    /** Says which device the sessions of this command will run on, if that was left open. */
    static void remarkDevice(Invocation invocation) {
        if (isDeviceLeftOpen(invocation)) {
            Backends.Opened opened = Backends.find().open(DeviceChoice.AUTO);
            opened.device().ifPresent(Device::close);
            remarkDevice(invocation, opened.reason());
        }
    }

    private static void refuseFallbacks(Session session, Model model) {
        List<Plan.Fallback> fallbacks =
                session.plan(SizedModel.inputShapes(model.graph(), 1)).fallbacks();
        if (!fallbacks.isEmpty()) {
            Plan.Fallback first = fallbacks.get(0);
            session.close();
            throw ModelException.unsupported("--strict: node \""
                    + Names.escape(first.step().node()) + "\" ("
                    + first.step().op() + ") does not run as declared: " + first.reason() + " (" + fallbacks.size()
                    + " such nodes)");
        }
    }

    /** Prints the report as JSON if asked for, and says whether it did. */
    static boolean printedJson(Invocation invocation, RunReport report) {
        if (invocation.has("json")) {
            invocation.console().result(ReportJson.write(report).stripTrailing());
        }
        return invocation.has("json");
    }
}
