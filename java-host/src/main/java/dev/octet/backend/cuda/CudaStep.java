package dev.octet.backend.cuda;

import dev.octet.runtime.KernelArgs;

/**
 * One operator made ready for concrete types: sizes decided, weights packed and uploaded. Safe to use from several threads
 * at once, each with a stream of its own.
 */
interface CudaStep {
    /**
     * Launches the step's kernels and returns before they ran.
     *
     * @param args tensors whose data are device addresses: never read them here
     */
    void enqueue(KernelArgs args, CudaStream stream);

    /** See {@link dev.octet.runtime.Kernel#readsConstant}: whether a kernel reads a constant input on the device. */
    default boolean readsConstant(int input) {
        return true;
    }
}
