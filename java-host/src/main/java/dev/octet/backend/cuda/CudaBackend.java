package dev.octet.backend.cuda;

import dev.octet.runtime.Backend;
import dev.octet.runtime.BackendDetails;
import dev.octet.runtime.BackendDetails.Library;
import dev.octet.runtime.Device;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.ConfigException;
import java.util.ArrayList;
import java.util.List;
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

    @Override
    public String describe() {
        return "NVIDIA GPU";
    }

    @Override
    public BackendDetails details() {
        Optional<String> missing = CudaImage.OF_THIS_BUILD.fault();
        Library kernels = new Library(
                "CUDA kernels",
                missing.isEmpty() ? Optional.of(CudaImage.OF_THIS_BUILD.architectures()) : Optional.empty(),
                missing);
        List<Library> libraries = new ArrayList<>(CudaLibraries.states());
        libraries.add(kernels);
        return new BackendDetails(List.of(), libraries, CudaLoader.devices());
    }

    @Override
    public Optional<Device> open(int index) {
        CudaLoader.fault().ifPresent(fault -> {
            throw new BackendException("device cuda:" + index + " does not work: " + fault);
        });
        int count = CudaLoader.deviceCount();
        if (index >= count) {
            throw new ConfigException("there is no device cuda:" + index + "; this machine has " + count);
        }
        return Optional.of(new CudaDevice(index, CudaImage.OF_THIS_BUILD::bytes));
    }

    /** None: this backend's kernels do not compute in host memory. */
    @Override
    public Optional<KernelFactory> kernel(KernelSpec spec) {
        return Optional.empty();
    }
}
