package dev.octet.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command line in a process of its own, for what only the end of a process shows. */
final class OctetProcess {
    /** Quick to start: the process is short. */
    private static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED");

    /** What a process left behind. */
    record Ended(int code, String out, String err) {}

    private OctetProcess() {}

    /** The words of the command. */
    static List<String> command(Object... args) {
        return commandOf(Main.class, args);
    }

    /** Like {@link #command}, with another main class. */
    static List<String> commandOf(Class<?> main, Object... args) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(FLAGS);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Arrays.stream(args).map(Object::toString).forEach(words::add);
        return words;
    }

    /**
     * Runs a line of bash, in which {@code "$@"} is the command.
     *
     * @param line such as {@code "$@" | head -1}
     */
    static Ended inShell(String line, Object... args) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("bash", "-c", line, "octet"));
        words.addAll(command(args));
        return run(words);
    }

    /** Runs a command with a folder in front of its class path. */
    static Ended withClasses(Path overlay, Object... args) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command(args));
        int path = words.indexOf("-cp") + 1;
        words.set(path, overlay + File.pathSeparator + words.get(path));
        return run(words);
    }

    private static Ended run(List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).start();
        process.outputWriter().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, err);
    }
}
