package dev.octet.runtime;

/** One operator made ready for concrete types on a {@link Device}. Safe to use from several threads, each with a lane. */
public interface DeviceKernel {
    /**
     * Enqueues the computation.
     *
     * @param args tensors whose data are device addresses; of constants that are not read, whatever the host has
     */
    void enqueue(KernelArgs args, Lane lane);

    /** See {@link Kernel#readsConstant}; if it does, the constant is copied to the device. */
    boolean readsConstant(int input);
}
