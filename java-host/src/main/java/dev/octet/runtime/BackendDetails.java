package dev.octet.runtime;

import java.util.List;
import java.util.Optional;

/**
 * What a backend found on this machine.
 *
 * @param features instruction sets or device features that its kernels use
 * @param libraries native libraries that it needs or could use
 */
public record BackendDetails(List<String> features, List<Library> libraries) {
    public static final BackendDetails NONE = new BackendDetails(List.of(), List.of());

    public BackendDetails {
        features = List.copyOf(features);
        libraries = List.copyOf(libraries);
    }

    /**
     * A native library.
     *
     * @param where the file or the version; empty if unknown
     * @param fault why it cannot be used; empty if it was loaded
     */
    public record Library(String name, Optional<String> where, Optional<String> fault) {}
}
