package dev.octet.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The name of the processor this runs on. */
final class HostProcessor {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private static final Path MAX_CLOCK = Path.of("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
    private static final double KILO_TO_GIGA = 1e6;
    private static final double MEGA_TO_GIGA = 1e3;

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

    /** The highest clock that the system tells, in GHz; where it tells only the clocks of now, the fastest core's. */
    static OptionalDouble clockGHz() {
        try {
            if (Files.isReadable(MAX_CLOCK)) {
                return OptionalDouble.of(
                        Long.parseLong(Files.readString(MAX_CLOCK).strip()) / KILO_TO_GIGA);
            }
            if (Files.isReadable(CPUINFO)) {
                try (Stream<String> lines = Files.lines(CPUINFO, StandardCharsets.ISO_8859_1)) {
                    return clockGHz(lines.toList());
                }
            }
        } catch (IOException | NumberFormatException e) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.empty();
    }

    /** The fastest core's clock in the lines of {@code /proc/cpuinfo}. */
    static OptionalDouble clockGHz(List<String> cpuinfo) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith("cpu MHz"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)) / MEGA_TO_GIGA)
                .max();
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
