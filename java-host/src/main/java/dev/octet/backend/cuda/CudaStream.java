package dev.octet.backend.cuda;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** Work in order on one device. Used by one thread at a time. */
final class CudaStream implements AutoCloseable {
    private final CudaDevice device;
    private final CUstream handle = new CUstream();

    CudaStream(CudaDevice device) {
        this.device = device;
        device.makeCurrent();
        CudaResult.check(
                JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING), "creating a stream");
    }

    CudaDevice device() {
        return device;
    }

    /** The driver's handle, for calls of the driver and of libraries that take one. */
    CUstream handle() {
        return handle;
    }

    /** Waits until all work that was enqueued is done, and reports what failed in it. */
    void finish() {
        CudaResult.check(JCudaDriver.cuStreamSynchronize(handle), "waiting for the device to finish");
    }

    @Override
    public void close() {
        device.makeCurrent();
        device.release(JCudaDriver.cuStreamDestroy(handle), "destroying a stream");
    }
}
