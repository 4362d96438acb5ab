package dev.octet.runtime;

/**
 * One operator made ready for concrete types: weights packed, sizes decided. Safe to run from several threads at once;
 * whatever it holds belongs to the plan's arena or is shared.
 */
public interface Kernel {
    /** Computes the outputs from the inputs. Buffers do not overlap and are native memory. */
    void run(KernelArgs args, Workers workers);

    /** Prepares runs over these tensors as far as possible, so that a run itself need allocate nothing. */
    default BoundKernel bind(KernelArgs args) {
        return workers -> run(args, workers);
    }

    /**
     * Whether a run looks at an input that is a constant. If it does not, because all there is to know went into the
     * kernel, the constant need not be copied to native memory.
     */
    default boolean readsConstant(int input) {
        return true;
    }
}
