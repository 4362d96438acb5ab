package dev.octet.bench.gpu;

import dev.octet.backend.cuda.CudaBackend;
import dev.octet.runtime.Device;
import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/** Device 0, open, with its context current in the thread that opened it. */
record Gpu(Device device, Description description) implements AutoCloseable {
    private static final int NAME_BYTES = 256;

    /**
     * What was measured on.
     *
     * @param simulated whether it is the simulated device of the tests, whose times mean nothing
     */
    record Description(String name, String computeCapability, int driverVersion, boolean simulated) {}

    /**
     * Opens it.
     *
     * @throws BackendException if there is none that works
     */
    static Gpu open() {
        CudaBackend backend = new CudaBackend();
        Device device =
                backend.open(0).orElseThrow(() -> new BackendException("no CUDA device", 100, "CUDA_ERROR_NO_DEVICE"));
        CUdevice handle = new CUdevice();
        DeviceClock.check(JCudaDriver.cuDeviceGet(handle, 0), "cuDeviceGet");
        byte[] name = new byte[NAME_BYTES];
        DeviceClock.check(JCudaDriver.cuDeviceGetName(name, name.length, handle), "cuDeviceGetName");
        int[] version = new int[1];
        DeviceClock.check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
        String capability = attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) + "."
                + attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        boolean simulated = attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE) == 0;
        String text = new String(name, StandardCharsets.UTF_8).replace("\0", "").trim();
        return new Gpu(device, new Description(text, capability, version[0], simulated));
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        DeviceClock.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /** Random bytes on the device: zeros would run faster than data do. */
    MemorySegment randomBytes(long count, long seed, Arena arena) {
        byte[] bytes = new byte[Math.toIntExact(count)];
        new Random(seed).nextBytes(bytes);
        return device.upload(MemorySegment.ofArray(bytes), arena);
    }

    /** Room on the device. */
    MemorySegment room(long bytes, Arena arena) {
        return device.upload(MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), arena);
    }

    @Override
    public void close() {
        device.close();
    }
}
