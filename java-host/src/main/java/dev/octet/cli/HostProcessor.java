package dev.octet.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The name of the processor this runs on. */
final class HostProcessor {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private HostProcessor() {}

    /** Its marketing name, or the architecture where the system does not tell. */
    static String name() {
        Optional<String> name = Files.isReadable(CPUINFO) ? fromCpuinfo() : fromSysctl();
        return name.filter(text -> !text.isBlank()).orElse(System.getProperty("os.arch"));
    }

    private static Optional<String> fromCpuinfo() {
        try (Stream<String> lines = Files.lines(CPUINFO, StandardCharsets.ISO_8859_1)) {
            return name(lines.toList());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The name in the lines of Linux' {@code /proc/cpuinfo}; ARM kernels may give none. */
    static Optional<String> name(List<String> cpuinfo) {
        for (String key : List.of("model name", "Model", "Hardware")) {
            for (String line : cpuinfo) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                    return Optional.of(line.substring(colon + 1).strip());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> fromSysctl() {
        try {
            Process process = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                return Optional.ofNullable(reader.readLine());
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
