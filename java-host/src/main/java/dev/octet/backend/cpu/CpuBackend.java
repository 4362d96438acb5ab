package dev.octet.backend.cpu;

import dev.octet.runtime.Backend;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import java.util.List;
import java.util.Optional;

/** Runs every supported operator on the CPU. Always available. */
public final class CpuBackend implements Backend {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Optional<KernelFactory> kernel(KernelSpec spec) {
        return CpuKernels.ALL.getOrDefault(spec.node().op().getClass(), List.of()).stream()
                .filter(factory -> factory.supports().test(spec))
                .findFirst();
    }
}
