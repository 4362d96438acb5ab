package dev.octet.backend.cuda;

import dev.octet.runtime.Backend;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import java.util.Optional;

/** Runs plans on an NVIDIA GPU. Thread-safe. */
public final class CudaBackend implements Backend {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Optional<String> unavailable() {
        return CudaLoader.fault();
    }

    /** None: this backend's kernels do not compute in host memory. */
    @Override
    public Optional<KernelFactory> kernel(KernelSpec spec) {
        return Optional.empty();
    }
}
