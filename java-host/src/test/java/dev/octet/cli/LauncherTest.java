package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's script on a build of its own, laid out as Maven does it. */
class LauncherTest {
    private static final Path SCRIPTS = Path.of("bin").toAbsolutePath();

    @TempDir
    private Path folder;

    private Path target;

    /** What a call left behind. */
    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
        Path host = folder.resolve("java-host");
        Path bin = Files.createDirectories(host.resolve("bin"));
        for (String script : List.of("octet", "find-java.sh")) {
            Files.copy(SCRIPTS.resolve(script), bin.resolve(script));
        }
        target = host.resolve("target");
        Path lib = Files.createDirectories(target.resolve("lib"));
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path tests = Path.of(LauncherTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Files.createDirectory(target.resolve("classes"));
        pack(classes, target.resolve("octet-java-host-1.jar"));
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
            Path path = Path.of(entry);
            Path jar = lib.resolve(number++ + ".jar");
            if (Files.isRegularFile(path)) {
                Files.copy(path, jar);
            } else if (Files.isDirectory(path) && !path.equals(tests)) {
                pack(path, jar);
            }
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)));
                Stream<Path> files = Files.walk(classes)) {
            out.setLevel(0);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private Ended octet(Map<String, String> environment, Object... args) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("bash", "java-host/bin/octet"));
        Stream.of(args).map(Object::toString).forEach(words::add);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "LD_LIBRARY_PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("OCTET_NO_BUILD", "1");
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Ended(code, Files.readString(out), Files.readString(err));
    }

    private List<Path> caches() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().startsWith("start"))
                    .toList();
        }
    }

    @Test
    void octet_calledAgain_startsFromTheCacheOfTheFirstCall() throws Exception {
        Path model = TinyModels.relu(folder);
        Path log = folder.resolve("classes.log");

        Ended first = octet(Map.of(), "inspect", model);
        Ended second = octet(Map.of("OCTET_JAVA_OPTS", "-Xlog:class+load:file=" + log), "inspect", model);

        assertThat(first.code).as(first.err).isZero();
        assertThat(first.err).contains("preparing quick starts");
        assertThat(caches())
                .singleElement()
                .satisfies(cache -> assertThat(cache).isNotEmptyFile());
        assertThat(second).isEqualTo(new Ended(0, first.out, ""));
        assertThat(Files.readString(log, StandardCharsets.UTF_8))
                .containsPattern(Main.class.getName().replace(".", "\\.") + " source: shared objects file");

        try (RandomAccessFile cache = new RandomAccessFile(caches().getFirst().toFile(), "rw")) {
            cache.setLength(cache.length() / 2);
        }
        assertThat(octet(Map.of(), "inspect", model)).isEqualTo(second);
    }

    @Test
    void octet_withoutCache_makesNoneAndPassesTheExitCodeOn() throws Exception {
        Ended ended = octet(Map.of("OCTET_AOT", "0"), "inspect", folder.resolve("missing.onnx"));

        assertThat(ended.code).isEqualTo(ExitCode.INVALID_INPUT.code());
        assertThat(ended.err).contains("missing.onnx");
        assertThat(caches()).isEmpty();
    }
}
