package dev.octet.runtime;

import java.util.List;
import java.util.Optional;

/**
 * What a backend found on this machine.
 *
 * @param features instruction sets of the host's processor that its kernels use
 * @param libraries native libraries that it needs or could use
 * @param devices those with memory of their own that it can open
 */
public record BackendDetails(List<String> features, List<Library> libraries, List<DeviceDetails> devices) {
    public static final BackendDetails NONE = new BackendDetails(List.of(), List.of(), List.of());

    public BackendDetails {
        features = List.copyOf(features);
        libraries = List.copyOf(libraries);
        devices = List.copyOf(devices);
    }

    /** A native library that can be used if it has no fault. */
    public static Library library(String name, Optional<String> fault) {
        return new Library(name, Optional.empty(), fault);
    }

    /**
     * A native library.
     *
     * @param where the file, its version, or what it is made for; empty if unknown
     * @param fault why it cannot be used; empty if it was loaded
     */
    public record Library(String name, Optional<String> where, Optional<String> fault) {}

    /**
     * A device.
     *
     * @param name as {@code --device} takes it
     * @param description what its maker calls it
     * @param computeCapability its generation, such as {@code 9.0}
     * @param driver the newest version of the programming interface that its driver knows, such as {@code 13.0}
     */
    public record DeviceDetails(
            String name, String description, String computeCapability, long memoryBytes, String driver) {}
}
