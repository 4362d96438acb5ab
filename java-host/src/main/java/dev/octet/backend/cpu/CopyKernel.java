package dev.octet.backend.cpu;

import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;

/** Copies the first input's bytes to the first output: Identity, Reshape and their kin. */
final class CopyKernel implements Kernel {
    static final KernelFactory FACTORY =
            KernelFactory.of("java_copy", _ -> new CopyKernel()).withOutput(_ -> KernelFactory.OutputPlace.FIRST_INPUT);

    @Override
    public void run(KernelArgs args, Workers workers) {
        args.out(0).data().copyFrom(args.in(0).data());
    }
}
