package dev.octet.report;

import java.util.List;
import java.util.Optional;

/**
 * What this machine can run.
 *
 * @param octetVersion this program's version
 * @param java version and vendor of the JVM
 * @param cpu its name and how many processors the JVM may use
 * @param cpuFeatures instruction sets in use, such as {@code avx512vnni}
 */
public record DoctorReport(
        String octetVersion,
        String java,
        String cpu,
        List<String> cpuFeatures,
        List<DeviceState> devices,
        List<LibraryState> libraries)
        implements RunReport {
    public DoctorReport {
        cpuFeatures = List.copyOf(cpuFeatures);
        devices = List.copyOf(devices);
        libraries = List.copyOf(libraries);
    }

    /**
     * A device as {@code --device} names it.
     *
     * @param works whether models can run there
     * @param why what is missing and how to get it; empty if it works
     * @param gpu what a driver says of a device that works
     */
    public record DeviceState(
            String name, String description, boolean works, Optional<String> why, Optional<Gpu> gpu) {}

    /**
     * A graphics processor.
     *
     * @param computeCapability its generation, such as {@code 9.0}
     * @param driver the newest version of CUDA that its driver knows
     */
    public record Gpu(String computeCapability, long memoryBytes, String driver) {}

    /**
     * A native library or a program.
     *
     * @param where the file, or the version of what is no file; empty if unknown
     * @param why what is missing and how to get it; empty if it was found
     */
    public record LibraryState(String name, boolean found, Optional<String> where, Optional<String> why) {}
}
