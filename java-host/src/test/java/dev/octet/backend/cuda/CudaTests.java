package dev.octet.backend.cuda;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Where a test asks for a device. */
public final class CudaTests {
    private CudaTests() {}

    /** Skips the test where no device can be used, saying why, unless {@code -Ddev.octet.require} names the simulator. */
    public static void requireDevice() {
        Optional<String> fault = new CudaBackend().unavailable();
        if (fault.isEmpty()) {
            return;
        }
        String reason = fault.get() + "; native-kernels/build-cuda.sh and build-simulator.sh make what is missing";
        if (Arrays.asList(System.getProperty("dev.octet.require", "").split(",", -1))
                .contains("simulator")) {
            throw new AssertionError(reason);
        }
        Assumptions.abort(reason);
    }
}
