package dev.octet.runtime;

import dev.octet.tensor.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The backends on the class path, and the choice among them. */
public final class Backends {
    private final List<Backend> installed;

    /**
     * The backend to use.
     *
     * @param reason one line that says why this one, and why not a faster one
     */
    public record Selection(Backend backend, String reason) {}

    public Backends(List<Backend> installed) {
        this.installed = List.copyOf(installed);
    }

    /** Finds the backends that the class path declares as services. */
    public static Backends find() {
        return new Backends(ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    public List<Backend> installed() {
        return installed;
    }

    /**
     * Chooses a backend.
     *
     * @throws ConfigException if the device asked for does not work here
     */
    public Selection select(DeviceChoice choice) {
        return switch (choice) {
            case DeviceChoice.Auto _ -> fastest();
            case DeviceChoice.Cpu _ -> named("cpu", "cpu was asked for");
            case DeviceChoice.Cuda(int index) -> named("cuda", "cuda:" + index + " was asked for");
        };
    }

    private Selection fastest() {
        List<String> reasons = new ArrayList<>();
        for (String name : List.of("cuda", "cpu")) {
            Optional<Backend> backend = byName(name);
            if (backend.isEmpty()) {
                reasons.add("no " + name + " backend is on the class path");
                continue;
            }
            Optional<String> fault = backend.get().unavailable();
            if (fault.isEmpty()) {
                String why = reasons.isEmpty() ? "it is the fastest" : String.join("; ", reasons);
                return new Selection(backend.get(), name + ": " + why);
            }
            reasons.add("no " + name + ": " + fault.get());
        }
        throw new ConfigException("no device works: " + String.join("; ", reasons));
    }

    private Selection named(String name, String reason) {
        Backend backend = byName(name)
                .orElseThrow(
                        () -> new ConfigException("no " + name + " backend is on the class path; use --device cpu"));
        backend.unavailable().ifPresent(fault -> {
            throw new ConfigException("device " + name + " does not work: " + fault);
        });
        return new Selection(backend, name + ": " + reason);
    }

    private Optional<Backend> byName(String name) {
        return installed.stream().filter(backend -> backend.name().equals(name)).findFirst();
    }
}
