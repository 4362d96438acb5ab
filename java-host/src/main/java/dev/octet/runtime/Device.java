package dev.octet.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A device with memory of its own, opened for one session. Thread-safe. Its memory is given as segments of device
 * addresses, whose contents only kernels and copies may touch. Closed after everything that was allocated from it.
 */
public interface Device extends AutoCloseable {
    /** The name in plans and reports, such as {@code cuda:0}. */
    String name();

    /** The kernel for a node, if the device has one. */
    Optional<DeviceKernelFactory> kernel(KernelSpec spec);

    /** Says where the memory is counted that is allocated from now on; called before any is. */
    void countIn(MemoryAccount account);

    /**
     * Refuses what the device could not hold, before any of it is made.
     *
     * @param what names what needs the memory
     * @throws dev.octet.graph.ModelException of kind LIMIT if it has not as much left
     */
    void requireFree(String what, long need);

    /**
     * A copy of host memory on the device, freed when the arena closes.
     *
     * @throws dev.octet.graph.ModelException of kind LIMIT if the device or the account has not as much memory left
     * @throws dev.octet.tensor.BackendException if the device fails
     */
    MemorySegment upload(MemorySegment host, Arena arena);

    /**
     * Memory for a run and the order in which its steps are computed; to be closed by the caller.
     *
     * @param deviceBytes memory on the device
     * @param stagingBytes host memory that the device copies from and to
     * @throws dev.octet.graph.ModelException of kind LIMIT as {@link #upload}
     * @throws dev.octet.tensor.BackendException if the device fails
     */
    Lane openLane(long deviceBytes, long stagingBytes);

    /** Gives the device back. Never throws: a device that was lost has nothing to give back. */
    @Override
    void close();
}
