package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtLibrary;
import dev.octet.graph.ModelException;
import dev.octet.runtime.Device;
import dev.octet.runtime.DeviceKernel;
import dev.octet.runtime.DeviceKernelFactory;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Lane;
import dev.octet.runtime.MemoryAccount;
import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * One device opened for one session: the context that all sessions on it share, and memory. Thread-safe; whatever was
 * allocated from it must be freed before it is closed.
 */
@SuppressWarnings("restricted") // memory of the device is known by its address alone
final class CudaDevice implements Device {
    private final CudaDeviceInfo info;
    private final CudaContext context;
    private Optional<CublasLt> cublasLt = Optional.empty();
    private Optional<ProductRows> productRows = Optional.empty();
    private volatile MemoryAccount account = MemoryAccount.NONE;
    private boolean closed;

    /**
     * Opens a device.
     *
     * @param index as the driver numbers devices
     * @param image of the kernels, asked for if nobody has the device open
     * @throws BackendException if the driver refuses
     */
    CudaDevice(int index, Supplier<byte[]> image) {
        CudaResult.check(JCudaDriver.cuInit(0), "starting the driver");
        CUdevice handle = new CUdevice();
        CudaResult.check(JCudaDriver.cuDeviceGet(handle, index), "looking for device " + index);
        this.info = CudaDeviceInfo.of(index, handle);
        this.context = CudaContext.open(index, handle, image);
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
        context.makeCurrent();
    }

    /**
     * A kernel by its name.
     *
     * @throws BackendException if the module has none of this name
     */
    KernelFunction function(String name) {
        return context.function(name);
    }

    /** Likewise; empty if the module has none: some kernels are for certain devices only. */
    Optional<KernelFunction> find(String name) {
        return context.find(name);
    }

    /**
     * Device memory, freed when the arena closes. Not zeroed.
     *
     * @return the device's addresses: not readable here
     * @throws ModelException if the device or the session has not as much left
     * @throws BackendException if the driver refuses
     */
    MemorySegment allocate(long bytes, Arena arena) {
        long size = Math.max(1, bytes);
        account.reserve("memory of " + name(), size);
        try {
            requireFree("this", size);
            long address = NativeAddress.newDevice(pointer -> {
                int result = JCudaDriver.cuMemAlloc(pointer, size);
                if (result != CUresult.CUDA_SUCCESS) {
                    throw CudaResult.fault(result, "allocating " + size + " bytes on " + info.label(), room());
                }
            });
            return MemorySegment.ofAddress(address).reinterpret(bytes, arena, segment -> free(segment, size));
        } catch (RuntimeException e) {
            account.release(size);
            throw e;
        }
    }

    @Override
    public void countIn(MemoryAccount memory) {
        account = memory;
    }

    @Override
    public void requireFree(String what, long need) {
        makeCurrent();
        Optional<Room> room = Room.now();
        if (room.isPresent() && need > room.get().freeBytes) {
            throw ModelException.limit(what + " needs " + need + " bytes of " + info.label() + ", of whose "
                    + room.get().totalBytes + " bytes " + room.get().freeBytes
                    + " are free; use a smaller batch or --device cpu");
        }
    }

    /** Memory of the current device; empty if it does not tell. */
    private record Room(long freeBytes, long totalBytes) {
        static Optional<Room> now() {
            long[] free = new long[1];
            long[] total = new long[1];
            return JCudaDriver.cuMemGetInfo(free, total) == CUresult.CUDA_SUCCESS
                    ? Optional.of(new Room(free[0], total[0]))
                    : Optional.empty();
        }
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

    private static String room() {
        return Room.now()
                .map(room -> "; " + room.freeBytes + " of " + room.totalBytes + " bytes are free")
                .orElse("");
    }

    private void free(MemorySegment segment, long size) {
        release(() -> JCudaDriver.cuMemFree(NativeAddress.device(segment)), "freeing memory");
        account.release(size);
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
                .map(this::factory);
    }

    /** What prepares the kernel of a row. */
    DeviceKernelFactory factory(Row row) {
        return new DeviceKernelFactory(
                row.nameOn(this), spec -> new CudaKernel(row.prepare().apply(this, spec)));
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
        return context.imageHash();
    }

    /** Waits for what was enqueued on a stream that is not used again, whatever became of it. */
    void abandon(CudaStream stream) {
        release(() -> JCudaDriver.cuStreamSynchronize(stream.handle()), "waiting for the device to finish");
    }

    /** Makes a call that gives something back; a failure is logged, see {@link CudaContext#release}. */
    void release(IntSupplier call, String doing) {
        context.release(call, doing);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        cublasLt.ifPresent(CublasLt::close);
        context.close();
    }
}
