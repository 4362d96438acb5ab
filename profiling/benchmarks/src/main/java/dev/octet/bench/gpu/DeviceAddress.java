package dev.octet.bench.gpu;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUdeviceptr;

/** A device address as JCuda takes it: it has no constructor from one, but an offset from the null pointer is one. */
final class DeviceAddress extends CUdeviceptr {
    DeviceAddress(MemorySegment device) {
        super(new CUdeviceptr(), device.address());
    }
}
