package dev.octet.backend.cuda;

import java.lang.foreign.Arena;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/** A kernel of the loaded module. Thread-safe. */
final class KernelFunction {
    /** Dynamic shared memory that every device grants without being asked. */
    private static final int SHARED_BYTES_GRANTED = 48 << 10;

    private final String name;
    private final CUfunction handle;
    private int sharedBytesAllowed = SHARED_BYTES_GRANTED;

    KernelFunction(String name, CUfunction handle) {
        this.name = name;
        this.handle = handle;
    }

    String name() {
        return name;
    }

    /**
     * Enqueues one launch; its arguments are copied before this returns.
     *
     * @throws dev.octet.tensor.BackendException if the driver refuses it
     */
    void launch(CudaStream stream, Grid grid, KernelParams params) {
        allowShared(grid.sharedBytes());
        try (Arena arena = Arena.ofConfined()) {
            int result = JCudaDriver.cuLaunchKernel(
                    handle,
                    grid.x(),
                    grid.y(),
                    grid.z(),
                    grid.threads(),
                    1,
                    1,
                    grid.sharedBytes(),
                    stream.handle(),
                    NativeAddress.host(params.pack(arena)),
                    null);
            CudaResult.check(result, "launching " + name);
        }
    }

    private synchronized void allowShared(int sharedBytes) {
        if (sharedBytes > sharedBytesAllowed) {
            int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
            CudaResult.check(
                    JCudaDriver.cuFuncSetAttribute(handle, attribute, sharedBytes),
                    "asking for " + sharedBytes + " bytes of shared memory for " + name);
            sharedBytesAllowed = sharedBytes;
        }
    }
}
