package dev.octet.backend.cuda;

import dev.octet.runtime.BackendDetails.DeviceDetails;
import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.LogLevel;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Finds out whether CUDA can be used here, without failing where it cannot. */
@SuppressWarnings("restricted") // looks for the driver's library
final class CudaLoader {
    private static final String DRIVER = "libcuda.so.1";

    private CudaLoader() {}

    /** One line that says what is missing, or empty if a device can be opened. */
    static Optional<String> fault() {
        return driverFault()
                .or(CudaLoader::deviceFault)
                .or(() -> CudaImage.OF_THIS_BUILD.fault().map(fault -> "CUDA kernels: " + fault));
    }

    private static Optional<String> deviceFault() {
        try {
            describeDevices();
            return Optional.empty();
        } catch (BackendException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> driverFault() {
        // Asked first, because JCuda would unpack its library and then fail with the linker's words.
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(DRIVER, arena);
        } catch (IllegalArgumentException _) {
            return Optional.of("NVIDIA's driver is not installed (" + DRIVER + " was not found)");
        }
        try {
            JCudaDriver.setLogLevel(LogLevel.LOG_QUIET);
            JCudaDriver.setExceptionsEnabled(false);
            return startFault();
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return Optional.of("JCuda's native library cannot be loaded: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Optional<String> startFault() {
        int result = JCudaDriver.cuInit(0);
        if (result == CUresult.CUDA_SUCCESS) {
            int[] count = new int[1];
            result = JCudaDriver.cuDeviceGetCount(count);
            if (result == CUresult.CUDA_SUCCESS) {
                return count[0] > 0 ? Optional.empty() : Optional.of("NVIDIA's driver sees no device");
            }
        }
        return Optional.of("NVIDIA's driver does not start: " + CUresult.stringFor(result) + " (" + result + ")");
    }

    /** How many devices there are; to be asked where there is no {@link #fault}. */
    static int deviceCount() {
        int[] count = new int[1];
        CudaResult.check(JCudaDriver.cuDeviceGetCount(count), "counting devices");
        return count[0];
    }

    /** What the driver says of each device; none where it does not start or answer. */
    static List<DeviceDetails> devices() {
        return driverFault().or(CudaLoader::deviceFault).isEmpty() ? describeDevices() : List.of();
    }

    /** The version of CUDA that the driver knows. */
    static String driverVersion() {
        int[] version = new int[1];
        CudaResult.check(JCudaDriver.cuDriverGetVersion(version), "asking the driver its version");
        return version[0] / 1000 + "." + version[0] % 1000 / 10;
    }

    private static List<DeviceDetails> describeDevices() {
        List<DeviceDetails> devices = new ArrayList<>();
        String driver = driverVersion();
        int count = deviceCount();
        for (int i = 0; i < count; i++) {
            CUdevice handle = new CUdevice();
            CudaResult.check(JCudaDriver.cuDeviceGet(handle, i), "looking for device " + i);
            CudaDeviceInfo info = CudaDeviceInfo.of(i, handle);
            String capability = info.computeCapability() / 10 + "." + info.computeCapability() % 10;
            devices.add(new DeviceDetails("cuda:" + i, info.name(), capability, info.memoryBytes(), driver));
        }
        return devices;
    }
}
