package dev.octet.backend.cuda;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * What the driver says of a device.
 *
 * @param computeCapability 10 * major + minor
 * @param keepsTime whether it has a clock, so that timing work on it means something
 */
record CudaDeviceInfo(
        int index, String name, int computeCapability, int multiprocessors, long memoryBytes, boolean keepsTime) {
    private static final int NAME_BYTES = 256;

    static CudaDeviceInfo of(int index, CUdevice device) {
        byte[] name = new byte[NAME_BYTES];
        CudaResult.check(
                JCudaDriver.cuDeviceGetName(name, name.length, device), "asking device " + index + " its name");
        long[] memory = new long[1];
        CudaResult.check(JCudaDriver.cuDeviceTotalMem(memory, device), "asking device " + index + " its memory");
        int major = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        int minor = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        int multiprocessors = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        String text = new String(name, 0, length, StandardCharsets.UTF_8);
        boolean keepsTime = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE) > 0;
        return new CudaDeviceInfo(index, text, 10 * major + minor, multiprocessors, memory[0], keepsTime);
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        CudaResult.check(
                JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "asking for device attribute " + attribute);
        return value[0];
    }

    /** Which device, for messages. */
    String label() {
        return "cuda:" + index + " (" + name + ")";
    }
}
