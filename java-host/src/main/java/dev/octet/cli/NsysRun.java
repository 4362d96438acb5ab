package dev.octet.cli;

import dev.octet.profile.Profile;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.runtime.Backends;
import dev.octet.runtime.DeviceChoice;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The same command in a process of its own under Nsight Systems, whose export is then read. */
final class NsysRun {
    private static final String NSYS = "nsys";
    private static final List<String> PASSED_ON =
            List.of("run", "repeats", "batch", "device", "threads", "memory-limit", "max-model-size", "cpu-kernels");

    private NsysRun() {}

    /** Where nsys is, if it is installed, the run is on a GPU, and no trace of our own is asked for. */
    static Optional<Path> find(Invocation invocation) {
        if (invocation.has("trace") || !onGpu(DeviceChoice.parse(invocation.value("device", "auto")))) {
            return Optional.empty();
        }
        return SearchPath.programs().find(NSYS).filter(Files::isExecutable);
    }

    private static boolean onGpu(DeviceChoice device) {
        try {
            return !Backends.find().select(device).backend().name().equals("cpu");
        } catch (ConfigException | BackendException e) {
            return false;
        }
    }

    /**
     * Records and reads.
     *
     * @throws BackendException if nsys or the run under it fails
     */
    static Profile record(Path nsys, Invocation invocation) throws IOException {
        Path folder = Files.createTempDirectory("octet-nsys");
        try {
            Path recorded = folder.resolve("run.nsys-rep");
            Path export = folder.resolve("run.sqlite");
            Path steps = folder.resolve("steps.json");
            // Deleted in the reverse order if the process is told to end.
            List.of(folder, recorded, export, steps)
                    .forEach(path -> path.toFile().deleteOnExit());
            List<String> words = new ArrayList<>(List.of(
                    nsys.toString(),
                    "profile",
                    "--trace=cuda,nvtx",
                    "--cuda-graph-trace=node",
                    "--sample=none",
                    "--cpuctxsw=none",
                    "--force-overwrite=true",
                    "--output=" + folder.resolve("run")));
            words.addAll(command(invocation, steps));
            call(words);
            call(List.of(
                    nsys.toString(),
                    "export",
                    "--type=sqlite",
                    "--force-overwrite=true",
                    "--output=" + export,
                    recorded.toString()));
            return ProfileFiles.read(export);
        } finally {
            delete(folder);
        }
    }

    private static List<String> command(Invocation invocation, Path trace) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "profile",
                "--json",
                "--trace",
                trace.toString()));
        if (invocation.has("strict")) {
            words.add("--strict");
        }
        for (String option : PASSED_ON) {
            invocation.value(option).ifPresent(value -> words.addAll(List.of("--" + option, value)));
        }
        return words;
    }

    private static void call(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            process.getOutputStream().close();
            int code = process.waitFor();
            if (code != 0) {
                throw new BackendException(
                        words.get(0) + " " + words.get(1) + " ended with code " + code
                                + "; --trace FILE times the steps without it",
                        code,
                        "nsys");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while nsys ran", e);
        } finally {
            process.destroy();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
