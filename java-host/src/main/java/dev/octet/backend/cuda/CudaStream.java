package dev.octet.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** Work in order on one device. Used by one thread at a time. */
final class CudaStream implements AutoCloseable {
    private final CudaDevice device;
    private final NativeAddress.Stream handle = new NativeAddress.Stream();
    private final Arena arena = Arena.ofShared();
    private MemorySegment workspace = MemorySegment.NULL;
    private Optional<DataFaults> faults = Optional.empty();

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

    /**
     * Waits until all work that was enqueued is done, and reports what failed in it.
     *
     * @throws dev.octet.graph.ModelException if a kernel found its data wrong
     */
    void finish() {
        CudaResult.check(JCudaDriver.cuStreamSynchronize(handle), "waiting for the device to finish");
        faults.flatMap(DataFaults::take).ifPresent(fault -> {
            throw fault;
        });
    }

    /** Where kernels on this stream leave what is wrong with their data; see {@link #finish}. */
    DataFaults faults() {
        DataFaults present = faults.orElseGet(() -> new DataFaults(device, arena));
        faults = Optional.of(present);
        return present;
    }

    /** Enqueues a copy from device memory to device memory. */
    void copy(MemorySegment from, MemorySegment to, long bytes) {
        if (bytes > 0) {
            CudaResult.check(
                    JCudaDriver.cuMemcpyDtoDAsync(NativeAddress.device(to), NativeAddress.device(from), bytes, handle),
                    "copying " + bytes + " bytes on the device");
        }
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
