package dev.octet.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** Work in order on one device. Used by one thread at a time. */
final class CudaStream implements AutoCloseable {
    private final CudaDevice device;
    private final NativeAddress.Stream handle = new NativeAddress.Stream();
    private final Arena arena = Arena.ofShared();
    private MemorySegment workspace = MemorySegment.NULL;

    CudaStream(CudaDevice device) {
        this.device = device;
        device.makeCurrent();
        CudaResult.check(
                JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING), "creating a stream");
    }

    CudaDevice device() {
        return device;
    }

    /** The driver's handle, for calls of the driver. */
    CUstream handle() {
        return handle;
    }

    /** The driver's handle for libraries that JCuda does not bind. */
    MemorySegment rawHandle() {
        return handle.raw();
    }

    /** Waits until all work that was enqueued is done, and reports what failed in it. */
    void finish() {
        CudaResult.check(JCudaDriver.cuStreamSynchronize(handle), "waiting for the device to finish");
    }

    /**
     * Device memory for one step's intermediate results: the next step on this stream may overwrite it. Lives as long as
     * the stream, so it may be part of recorded work.
     */
    MemorySegment workspace(long bytes) {
        if (workspace.byteSize() < bytes) {
            workspace = device.allocate(bytes, arena);
        }
        return workspace;
    }

    @Override
    public void close() {
        device.release(() -> JCudaDriver.cuStreamDestroy(handle), "destroying a stream");
        arena.close();
    }
}
