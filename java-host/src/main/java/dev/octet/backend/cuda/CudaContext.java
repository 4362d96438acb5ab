package dev.octet.backend.cuda;

import dev.octet.tensor.BackendException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * A device's primary context with the module of all kernels, loaded by the first who opens it and unloaded by the last who
 * closes it: sessions on one device share it. Thread-safe.
 */
final class CudaContext implements AutoCloseable {
    // One for each device of the process, as the driver's primary contexts are. Guards the counts too.
    private static final Map<Integer, CudaContext> OPEN = new HashMap<>();

    private final int index;
    private final CUdevice device;
    private final CUcontext handle = new CUcontext();
    private final CUmodule module = new CUmodule();
    private final Map<String, KernelFunction> functions = new HashMap<>();
    private final long imageHash;
    private int users;

    private CudaContext(int index, CUdevice device, byte[] image) {
        this.index = index;
        this.device = device;
        CRC32 crc = new CRC32();
        crc.update(image);
        this.imageHash = crc.getValue();
        CudaResult.check(
                JCudaDriver.cuDevicePrimaryCtxRetain(handle, device), "opening the context of device " + index);
        try {
            makeCurrent();
            int result = JCudaDriver.cuModuleLoadData(module, image);
            if (result != CUresult.CUDA_SUCCESS) {
                throw CudaResult.fault(result, "loading the kernels on device " + index, advice(result));
            }
        } catch (RuntimeException e) {
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
            throw e;
        }
    }

    private static String advice(int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_INVALID_IMAGE,
                    CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
                    CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
                "; they were compiled " + CudaImage.OF_THIS_BUILD.architectures() + ", the driver is for CUDA "
                        + CudaLoader.driverVersion() + ": update NVIDIA's driver, or use --device cpu";
            default -> "";
        };
    }

    /**
     * The context of a device, to be closed as often as it is opened.
     *
     * @param index as the driver numbers devices
     * @param image of the kernels, asked for if nobody has the device open
     * @throws BackendException if the driver refuses
     */
    static CudaContext open(int index, CUdevice device, Supplier<byte[]> image) {
        synchronized (OPEN) {
            CudaContext context = OPEN.get(index);
            if (context == null) {
                context = new CudaContext(index, device, image.get());
                OPEN.put(index, context);
            }
            context.users++;
            return context;
        }
    }

    /** Makes this device the one that the calling thread's driver calls mean. */
    void makeCurrent() {
        CudaResult.check(JCudaDriver.cuCtxSetCurrent(handle), "switching to device " + index);
    }

    /**
     * A kernel by its name.
     *
     * @throws BackendException if the module has none of this name
     */
    KernelFunction function(String name) {
        return find(name)
                .orElseThrow(() -> CudaResult.fault(
                        CUresult.CUDA_ERROR_NOT_FOUND, "looking for kernel " + name + " on device " + index, ""));
    }

    /** Likewise; empty if the module has none: some kernels are for certain devices only. */
    synchronized Optional<KernelFunction> find(String name) {
        Optional<KernelFunction> known = Optional.ofNullable(functions.get(name));
        if (known.isPresent()) {
            return known;
        }
        makeCurrent();
        CUfunction found = new CUfunction();
        int result = JCudaDriver.cuModuleGetFunction(found, module, name);
        if (result == CUresult.CUDA_ERROR_NOT_FOUND) {
            return Optional.empty();
        }
        CudaResult.check(result, "looking for kernel " + name);
        KernelFunction function = new KernelFunction(name, found);
        functions.put(name, function);
        return Optional.of(function);
    }

    /** Tells one set of kernels from another. */
    long imageHash() {
        return imageHash;
    }

    /**
     * Makes a call that gives something back. A device that was lost has nothing left to give back, so a failure here is
     * logged and must not hide the failure that came before.
     */
    void release(IntSupplier call, String doing) {
        log(JCudaDriver.cuCtxSetCurrent(handle), doing);
        log(call.getAsInt(), doing);
    }

    private void log(int result, String doing) {
        if (result != CUresult.CUDA_SUCCESS) {
            System.getLogger(CudaContext.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} on device {1}: {2}", doing, index, CUresult.stringFor(result));
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            users--;
            if (users == 0) {
                OPEN.remove(index);
                release(() -> JCudaDriver.cuModuleUnload(module), "unloading the kernels");
                release(() -> JCudaDriver.cuDevicePrimaryCtxRelease(device), "closing the device");
            }
        }
    }
}
