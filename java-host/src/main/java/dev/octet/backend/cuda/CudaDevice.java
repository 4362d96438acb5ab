package dev.octet.backend.cuda;

import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * One device opened: its primary context, the module of all kernels, and memory. Thread-safe; whatever was allocated from
 * it must be freed before it is closed.
 */
final class CudaDevice implements AutoCloseable {
    private final CudaDeviceInfo info;
    private final CUdevice handle = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();
    private final Map<String, KernelFunction> functions = new HashMap<>();
    private Optional<BackendException> firstLoss = Optional.empty();
    private boolean closed;

    /**
     * Opens a device.
     *
     * @param index as the driver numbers devices
     * @throws BackendException if the driver refuses
     */
    CudaDevice(int index, byte[] image) {
        CudaResult.check(JCudaDriver.cuInit(0), "starting the driver");
        CudaResult.check(JCudaDriver.cuDeviceGet(handle, index), "looking for device " + index);
        this.info = CudaDeviceInfo.of(index, handle);
        CudaResult.check(
                JCudaDriver.cuDevicePrimaryCtxRetain(context, handle), "opening the context of device " + index);
        try {
            makeCurrent();
            CudaResult.check(
                    JCudaDriver.cuModuleLoadData(module, image), "loading the kernels on device " + index);
        } catch (RuntimeException e) {
            JCudaDriver.cuDevicePrimaryCtxRelease(handle);
            throw e;
        }
    }

    CudaDeviceInfo info() {
        return info;
    }

    /** The device's generation as 10 * major + minor, such as 75, 80 or 90. */
    int computeCapability() {
        return info.computeCapability();
    }

    int multiprocessors() {
        return info.multiprocessors();
    }

    /** Makes this device the one that the calling thread's driver calls mean. */
    void makeCurrent() {
        CudaResult.check(JCudaDriver.cuCtxSetCurrent(context), "switching to device " + info.index());
    }

    /**
     * A kernel by its name.
     *
     * @throws BackendException if the module has none of this name
     */
    synchronized KernelFunction function(String name) {
        return functions.computeIfAbsent(name, _ -> {
            makeCurrent();
            CUfunction function = new CUfunction();
            CudaResult.check(JCudaDriver.cuModuleGetFunction(function, module, name), "looking for kernel " + name);
            return new KernelFunction(name, function);
        });
    }

    /**
     * Device memory, freed when the arena closes. Not zeroed.
     *
     * @return the device's addresses: not readable here
     * @throws BackendException if there is not as much
     */
    MemorySegment allocate(long bytes, Arena arena) {
        makeCurrent();
        long size = Math.max(1, bytes);
        long address = NativeAddress.newDevice(pointer -> {
            int result = JCudaDriver.cuMemAlloc(pointer, size);
            if (result != CUresult.CUDA_SUCCESS) {
                throw CudaResult.fault(result, "allocating " + size + " bytes on " + info.label(), free());
            }
        });
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, this::free);
    }

    private static String free() {
        long[] free = new long[1];
        long[] total = new long[1];
        return JCudaDriver.cuMemGetInfo(free, total) == CUresult.CUDA_SUCCESS
                ? "; " + free[0] + " of " + total[0] + " bytes are free"
                : "";
    }

    private void free(MemorySegment segment) {
        release(
                JCudaDriver.cuCtxSetCurrent(context) == CUresult.CUDA_SUCCESS
                        ? JCudaDriver.cuMemFree(NativeAddress.device(segment))
                        : CUresult.CUDA_SUCCESS,
                "freeing memory");
    }

    /** A copy of host memory on the device, freed when the arena closes. */
    MemorySegment upload(MemorySegment host, Arena arena) {
        MemorySegment device = allocate(host.byteSize(), arena);
        if (host.byteSize() == 0) {
            return device;
        }
        try (Arena copy = Arena.ofConfined()) {
            MemorySegment source = host.isNative() ? host : copy.allocate(host.byteSize()).copyFrom(host);
            CudaResult.check(
                    JCudaDriver.cuMemcpyHtoD(
                            NativeAddress.device(device), NativeAddress.host(source), host.byteSize()),
                    "copying " + host.byteSize() + " bytes to " + info.label());
        }
        return device;
    }

    /**
     * Looks at what a call returned that gives something back. A device that was lost has nothing left to give back, so
     * that failing must not hide the failure that came before; it is kept for {@link #close}.
     */
    synchronized void release(int result, String doing) {
        if (result != CUresult.CUDA_SUCCESS && firstLoss.isEmpty()) {
            firstLoss = Optional.of(CudaResult.fault(result, doing, ""));
            System.getLogger(CudaDevice.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0}", firstLoss.get().getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (JCudaDriver.cuCtxSetCurrent(context) == CUresult.CUDA_SUCCESS) {
            release(JCudaDriver.cuModuleUnload(module), "unloading the kernels");
        }
        release(JCudaDriver.cuDevicePrimaryCtxRelease(handle), "closing " + info.label());
    }
}
