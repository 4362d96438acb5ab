package dev.octet.backend.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;

/** Addresses as JCuda's objects and back. */
final class NativeAddress {
    private NativeAddress() {}

    /** A pointer to host memory that JCuda takes as it is. */
    private static final class Host extends Pointer {
        Host() {}

        Host(long address) {
            super(address);
        }

        long address() {
            return getNativePointer() + getByteOffset();
        }
    }

    private static final class Device extends CUdeviceptr {
        Device() {}

        // JCuda has no constructor from an address; an offset from the null pointer is one.
        Device(long address) {
            super(new CUdeviceptr(), address);
        }

        long address() {
            return getNativePointer() + getByteOffset();
        }
    }

    /** A stream whose handle libraries beside JCuda can be given. */
    static final class Stream extends CUstream {
        /** The driver's handle; 0 before the stream was created. */
        MemorySegment raw() {
            return MemorySegment.ofAddress(getNativePointer());
        }
    }

    /** For a call that fills it. */
    @FunctionalInterface
    interface Allocation<P> {
        void into(P pointer);
    }

    static Pointer host(MemorySegment segment) {
        return new Host(segment.address());
    }

    static CUdeviceptr device(MemorySegment segment) {
        return new Device(segment.address());
    }

    /** The address that a call stores in a pointer to device memory. */
    static long newDevice(Allocation<CUdeviceptr> call) {
        Device pointer = new Device();
        call.into(pointer);
        return pointer.address();
    }

    /** The address that a call stores in a pointer to host memory. */
    static long newHost(Allocation<Pointer> call) {
        Host pointer = new Host();
        call.into(pointer);
        return pointer.address();
    }
}
