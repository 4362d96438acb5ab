package dev.octet.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import jcuda.LogLevel;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Finds out whether CUDA can be used here, without failing where it cannot. */
@SuppressWarnings("restricted") // looks for the driver's library
final class CudaLoader {
    /** The kernels as nvcc made them. */
    static final String IMAGE = "native/cuda/octet_kernels.fatbin";

    private static final String DRIVER = "libcuda.so.1";

    private CudaLoader() {}

    /** One line that says what is missing, or empty if a device can be opened. */
    static Optional<String> fault() {
        return driverFault().or(CudaLoader::imageFault);
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

    private static Optional<String> imageFault() {
        return CudaLoader.class.getClassLoader().getResource(IMAGE) == null
                ? Optional.of("this build has no CUDA kernels, because nvcc was not found when it was made")
                : Optional.empty();
    }

    /** The kernels for all devices. */
    static byte[] image() {
        try (InputStream stream = CudaLoader.class.getClassLoader().getResourceAsStream(IMAGE)) {
            if (stream == null) {
                throw new IllegalStateException("no " + IMAGE);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
