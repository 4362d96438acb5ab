package dev.octet.backend.cpu;

import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.Workers;

/** A kernel that packed the constants among inputs 1 and 2, weight and bias, when it was prepared. */
interface PackedKernel extends Kernel {
    @Override
    BoundKernel bind(KernelArgs args);

    @Override
    default void run(KernelArgs args, Workers workers) {
        bind(args).run(workers);
    }

    @Override
    default boolean readsConstant(int input) {
        return input != 1 && input != 2;
    }
}
