package dev.octet.runtime;

import java.util.Optional;

/** A family of kernels for one kind of device. Found with {@link java.util.ServiceLoader}. */
public interface Backend {
    /** The name on the command line: {@code cpu} or {@code cuda}. */
    String name();

    /** Empty if the backend works on this machine, else one line that says why not. */
    Optional<String> unavailable();

    /** One line on what this backend uses here, such as the instruction set of its kernels. */
    default String describe() {
        return name();
    }

    /** What this backend found on this machine, for {@code octet doctor}. */
    default BackendDetails details() {
        return BackendDetails.NONE;
    }

    /**
     * Opens a device with memory of its own, to be closed by the caller; empty for a backend that computes in host memory.
     *
     * @param index as the backend numbers its devices, from 0
     * @throws dev.octet.tensor.BackendException if it cannot be opened
     * @throws dev.octet.tensor.ConfigException if there is none of this number
     */
    default Optional<Device> open(int index) {
        return Optional.empty();
    }

    /** The kernel to use for a node in host memory, if this backend has one. */
    Optional<KernelFactory> kernel(KernelSpec spec);

    /** How threads that share work are kept from sharing a processor. */
    default ThreadPlacement placement() {
        return ThreadPlacement.NONE;
    }

    /** Whether this backend has kernels for the operators that fuse several, all of which need native code. */
    default boolean isFusing() {
        return false;
    }

    /**
     * This backend restricted to some of its kernels.
     *
     * @param kernels {@code auto} for the fastest that works here, else a name that the backend knows
     * @throws dev.octet.tensor.ConfigException if it does not know it
     */
    default Backend withKernels(String kernels) {
        if (!kernels.equals("auto")) {
            throw new dev.octet.tensor.ConfigException("backend " + name() + " has no kernels called " + kernels);
        }
        return this;
    }
}
