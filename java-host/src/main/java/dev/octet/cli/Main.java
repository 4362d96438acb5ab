package dev.octet.cli;

import dev.octet.graph.ModelException;
import dev.octet.io.OutputException;
import dev.octet.profile.read.ProfileException;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;

/** The entry point of {@code octet}. */
public final class Main {
    private final Console console;

    Main(Console console) {
        this.console = console;
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        boolean terminal = java.util.Optional.ofNullable(System.console())
                .map(java.io.Console::isTerminal)
                .orElse(false);
        ExitCode code = new Main(new Console(out, err, terminal)).run(args);
        System.exit(code.code());
    }

    /** Runs one command; never throws. */
    ExitCode run(String... args) {
        boolean debug = Arrays.asList(args).contains("--debug");
        try {
            ExitCode code = dispatch(args);
            console.showRemarks();
            return console.outputFailure().map(this::outputFailed).orElse(code);
        } catch (StackOverflowError | Exception e) {
            if (debug) {
                e.printStackTrace(console.err());
            }
            return report(e);
        } catch (OutOfMemoryError e) {
            return fail(
                    ExitCode.LIMIT,
                    "out of memory (" + e.getMessage() + "); give the JVM more with "
                            + "OCTET_JAVA_OPTS=-Xmx8g or use smaller inputs");
        }
    }

    private ExitCode dispatch(String... args) throws IOException {
        if (args.length == 0 || args[0].equals("help") || args[0].equals("--help") || args[0].equals("-h")) {
            printCommands();
            return args.length == 0 ? ExitCode.USAGE : ExitCode.OK;
        }
        Command command = Commands.find(args[0])
                .orElseThrow(
                        () -> new ConfigException("unknown command \"" + args[0] + "\"; octet help lists them all"));
        Options options = command.options()
                .addOption(Option.builder("h")
                        .longOpt("help")
                        .desc("show this help")
                        .get())
                .addOption(Option.builder()
                        .longOpt("debug")
                        .desc("show a stack trace when something fails")
                        .get());
        CommandLine line = parse(options, Arrays.copyOfRange(args, 1, args.length));
        if (line.hasOption("help")) {
            printHelp(command, options);
            return ExitCode.OK;
        }
        if (!command.takes(line.getArgList().size())) {
            throw new ConfigException(
                    "usage: octet " + command.name() + " [options] " + String.join(" ", command.arguments()) + "; got "
                            + line.getArgList().size() + " arguments");
        }
        return command.run(new Invocation(line, console));
    }

    private static CommandLine parse(Options options, String... args) {
        try {
            return DefaultParser.builder().setAllowPartialMatching(false).get().parse(options, args);
        } catch (ParseException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    private ExitCode report(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case ModelException model -> fail(code(model.kind()), message);
            case ConfigException _ -> fail(ExitCode.USAGE, message);
            case InputException _ -> fail(ExitCode.INVALID_INPUT, message);
            case LimitException _ -> fail(ExitCode.LIMIT, message);
            case BackendException _ -> fail(ExitCode.DEVICE, message);
            case UncheckedIOException io ->
                report(java.util.Objects.requireNonNullElse(io.getCause(), new IOException(message)));
            case OutputException output -> fail(code(output.kind()), message);
            case NoSuchFileException file -> fail(ExitCode.INVALID_INPUT, file.getFile() + " does not exist");
            case AccessDeniedException file -> fail(ExitCode.INVALID_INPUT, file.getFile() + ": access denied");
            case ProfileException profile -> fail(profile.isLimit() ? ExitCode.LIMIT : ExitCode.INVALID_INPUT, message);
            case FileSystemException file
            when file.getReason() != null -> fail(ExitCode.INVALID_INPUT, file.getFile() + ": " + file.getReason());
            case IOException _ -> fail(ExitCode.INVALID_INPUT, e.getClass().getSimpleName() + ": " + message);
            default ->
                fail(
                        ExitCode.INTERNAL,
                        "internal error, please report it (--debug shows more): "
                                + e.getClass().getSimpleName() + ": " + message);
        };
    }

    /** A pipe whose reader has seen enough, as in {@code octet inspect MODEL | head -1}, is nothing to complain about. */
    private ExitCode outputFailed(IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.toLowerCase(Locale.ROOT).contains("pipe")
                ? ExitCode.CLOSED_PIPE
                : fail(ExitCode.LIMIT, "cannot write to standard output: " + reason);
    }

    private static ExitCode code(OutputException.Kind kind) {
        return switch (kind) {
            case TARGET -> ExitCode.USAGE;
            case STORAGE -> ExitCode.LIMIT;
        };
    }

    private static ExitCode code(ModelException.Kind kind) {
        return switch (kind) {
            case INVALID -> ExitCode.INVALID_INPUT;
            case UNSUPPORTED -> ExitCode.UNSUPPORTED;
            case LIMIT -> ExitCode.LIMIT;
            case DATA -> ExitCode.DATA;
        };
    }

    private ExitCode fail(ExitCode code, String message) {
        console.fail(message);
        return code;
    }

    private void printCommands() {
        console.result("Octet: INT8 for ONNX models on the JVM.");
        console.result("");
        console.result("usage: octet COMMAND [options]; octet COMMAND --help shows its options");
        console.result("");
        for (Command command : Commands.ALL) {
            console.result(String.format("  %-12s %s", command.name(), command.summary()));
        }
    }

    private void printHelp(Command command, Options options) throws IOException {
        console.result(command.summary() + ".");
        console.result("");
        StringBuilder text = new StringBuilder();
        HelpFormatter formatter = HelpFormatter.builder()
                .setHelpAppendable(new org.apache.commons.cli.help.TextHelpAppendable(text))
                .setShowSince(false)
                .get();
        String syntax = "octet " + command.name() + " [options] " + String.join(" ", command.arguments());
        formatter.printHelp(syntax, "", options, "", false);
        console.result(text.toString());
    }
}
