package dev.octet.runtime;

/**
 * One operator made ready for concrete types: weights packed, sizes decided. Safe to run from several threads at once;
 * whatever it holds belongs to the plan's arena.
 */
public interface Kernel {
    /** Computes the outputs from the inputs. Buffers do not overlap and are native memory. */
    void run(KernelArgs args, Workers workers);
}
