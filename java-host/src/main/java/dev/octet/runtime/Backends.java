package dev.octet.runtime;

import dev.octet.tensor.BackendException;
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

    /**
     * What a session runs on.
     *
     * @param host computes in host memory: all steps, or those that the device cannot
     * @param device to be closed by whoever asked for it
     * @param reason as in {@link Selection}
     */
    public record Opened(Backend host, Optional<Device> device, String reason) {}

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
     * @throws BackendException if the device asked for does not work here
     */
    public Selection select(DeviceChoice choice) {
        return switch (choice) {
            case DeviceChoice.Auto _ -> fastest();
            case DeviceChoice.Cpu _ -> named("cpu", "cpu was asked for");
            case DeviceChoice.Cuda(int index) -> named("cuda", "cuda:" + index + " was asked for");
        };
    }

    /**
     * Chooses a backend and opens its device. Where the choice is left open, a device that cannot be opened is passed over.
     *
     * @throws BackendException if the device asked for does not work here
     */
    public Opened open(DeviceChoice choice) {
        Selection selection = select(choice);
        int index = choice instanceof DeviceChoice.Cuda(int number) ? number : 0;
        try {
            return open(selection.backend, index, selection.reason);
        } catch (BackendException e) {
            if (!(choice instanceof DeviceChoice.Auto)) {
                throw e;
            }
            String name = selection.backend.name();
            return new Opened(host(), Optional.empty(), "cpu: no " + name + ": " + e.getMessage());
        }
    }

    /** Opens a given backend's device. */
    Opened open(Backend backend, int index, String reason) {
        Optional<Device> device = backend.open(index);
        return new Opened(device.isPresent() ? host() : backend, device, reason);
    }

    /** The backend that computes in host memory. */
    public Backend host() {
        return named("cpu", "").backend;
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
            throw new BackendException("device " + name + " does not work: " + fault);
        });
        return new Selection(backend, name + ": " + reason);
    }

    private Optional<Backend> byName(String name) {
        return installed.stream().filter(backend -> backend.name().equals(name)).findFirst();
    }
}
