package dev.octet.backend.cpu;

import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link dev.octet.graph.op.NonZero} of any type. */
final class NonZeroKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_non_zero", _ -> new NonZeroKernel());

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        long[] dims = x.shape().dims();
        long count = y.shape().dim(1);
        long found = 0;
        for (long i = 0; i < x.elementCount(); i++) {
            if (x.getDouble(i) == 0) {
                continue;
            }
            long rest = i;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                y.setLong(axis * count + found, rest % dims[axis]);
                rest /= dims[axis];
            }
            found++;
        }
    }
}
