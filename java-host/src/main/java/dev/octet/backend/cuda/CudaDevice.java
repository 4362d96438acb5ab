package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtLibrary;
import dev.octet.runtime.Device;
import dev.octet.runtime.DeviceKernel;
import dev.octet.runtime.DeviceKernelFactory;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Lane;
import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.zip.CRC32;
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
@SuppressWarnings("restricted") // memory of the device is known by its address alone
final class CudaDevice implements Device {
    private final CudaDeviceInfo info;
    private final CUdevice handle = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();
    private final Map<String, KernelFunction> functions = new HashMap<>();
    private final long imageHash;
    private Optional<CublasLt> cublasLt = Optional.empty();
    private Optional<ProductRows> productRows = Optional.empty();
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
        CRC32 crc = new CRC32();
        crc.update(image);
        this.imageHash = crc.getValue();
        CudaResult.check(
                JCudaDriver.cuDevicePrimaryCtxRetain(context, handle), "opening the context of device " + index);
        try {
            makeCurrent();
            CudaResult.check(JCudaDriver.cuModuleLoadData(module, image), "loading the kernels on device " + index);
        } catch (RuntimeException e) {
            JCudaDriver.cuDevicePrimaryCtxRelease(handle);
            throw e;
        }
    }

    /** Lets the runtime enqueue a step on the stream of a lane of this backend. */
    private record CudaKernel(CudaStep step) implements DeviceKernel {
        @Override
        public void enqueue(KernelArgs args, Lane lane) {
            if (!(lane instanceof CudaLane cuda)) {
                throw new IllegalStateException("a CUDA kernel on " + lane);
            }
            cuda.stream().device().makeCurrent();
            step.enqueue(args, cuda.stream());
        }

        @Override
        public boolean readsConstant(int input) {
            return step.readsConstant(input);
        }
    }

    @Override
    public String name() {
        return "cuda:" + info.index();
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
        return find(name)
                .orElseThrow(() -> CudaResult.fault(
                        CUresult.CUDA_ERROR_NOT_FOUND, "looking for kernel " + name + " on " + info.label(), ""));
    }

    /** Likewise; empty if the module has none: some kernels are for certain devices only. */
    synchronized Optional<KernelFunction> find(String name) {
        Optional<KernelFunction> known = Optional.ofNullable(functions.get(name));
        if (known.isPresent()) {
            return known;
        }
        makeCurrent();
        CUfunction handle = new CUfunction();
        int result = JCudaDriver.cuModuleGetFunction(handle, module, name);
        if (result == CUresult.CUDA_ERROR_NOT_FOUND) {
            return Optional.empty();
        }
        CudaResult.check(result, "looking for kernel " + name);
        KernelFunction found = new KernelFunction(name, handle);
        functions.put(name, found);
        return Optional.of(found);
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

    /** Host memory that the device copies from and to without a detour, freed when the arena closes. */
    MemorySegment allocatePinned(long bytes, Arena arena) {
        makeCurrent();
        long size = Math.max(1, bytes);
        long address = NativeAddress.newHost(pointer -> CudaResult.check(
                JCudaDriver.cuMemAllocHost(pointer, size), "allocating " + size + " bytes of pinned host memory"));
        return MemorySegment.ofAddress(address)
                .reinterpret(
                        bytes,
                        arena,
                        segment -> release(
                                () -> JCudaDriver.cuMemFreeHost(NativeAddress.host(segment)),
                                "freeing pinned host memory"));
    }

    private static String free() {
        long[] free = new long[1];
        long[] total = new long[1];
        return JCudaDriver.cuMemGetInfo(free, total) == CUresult.CUDA_SUCCESS
                ? "; " + free[0] + " of " + total[0] + " bytes are free"
                : "";
    }

    private void free(MemorySegment segment) {
        release(() -> JCudaDriver.cuMemFree(NativeAddress.device(segment)), "freeing memory");
    }

    @Override
    public MemorySegment upload(MemorySegment host, Arena arena) {
        MemorySegment device = allocate(host.byteSize(), arena);
        if (host.byteSize() == 0) {
            return device;
        }
        try (Arena copy = Arena.ofConfined()) {
            MemorySegment source =
                    host.isNative() ? host : copy.allocate(host.byteSize()).copyFrom(host);
            CudaResult.check(
                    JCudaDriver.cuMemcpyHtoD(NativeAddress.device(device), NativeAddress.host(source), host.byteSize()),
                    "copying " + host.byteSize() + " bytes to " + info.label());
        }
        return device;
    }

    @Override
    public Optional<DeviceKernelFactory> kernel(KernelSpec spec) {
        return CudaKernels.ALL.getOrDefault(spec.node().op().getClass(), List.of()).stream()
                .filter(row -> row.supports().test(spec))
                .findFirst()
                .map(row -> productRows().choose(this, spec, row))
                .map(row -> new DeviceKernelFactory(
                        row.nameOn(this), given -> new CudaKernel(row.prepare().apply(this, given))));
    }

    @Override
    public Lane openLane(long deviceBytes, long stagingBytes) {
        return new CudaLane(this, deviceBytes, stagingBytes);
    }

    /**
     * A handle of cuBLASLt, opened when it is first asked for; closed with the device.
     *
     * @throws BackendException if the library refuses this device
     */
    synchronized CublasLt cublasLt(LtLibrary library) {
        if (cublasLt.isEmpty()) {
            makeCurrent();
            cublasLt = Optional.of(CublasLt.open(library));
        }
        return cublasLt.get();
    }

    private synchronized ProductRows productRows() {
        if (productRows.isEmpty()) {
            ProductCache cache = new ProductCache(ProductCache.userFile());
            productRows = Optional.of(new ProductRows(this, ProductMode.current(), cache));
        }
        return productRows.get();
    }

    /** Tells one set of kernels from another. */
    long imageHash() {
        return imageHash;
    }

    /** Waits for what was enqueued on a stream that is not used again, whatever became of it. */
    void abandon(CudaStream stream) {
        release(() -> JCudaDriver.cuStreamSynchronize(stream.handle()), "waiting for the device to finish");
    }

    /**
     * Makes a call that gives something back. A device that was lost has nothing left to give back, so a failure here is
     * logged and must not hide the failure that came before.
     */
    void release(IntSupplier call, String doing) {
        log(JCudaDriver.cuCtxSetCurrent(context), doing);
        log(call.getAsInt(), doing);
    }

    private void log(int result, String doing) {
        if (result != CUresult.CUDA_SUCCESS) {
            System.getLogger(CudaDevice.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} on {1}: {2}", doing, name(), CUresult.stringFor(result));
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        cublasLt.ifPresent(CublasLt::close);
        release(() -> JCudaDriver.cuModuleUnload(module), "unloading the kernels");
        release(() -> JCudaDriver.cuDevicePrimaryCtxRelease(handle), "closing the device");
    }
}
