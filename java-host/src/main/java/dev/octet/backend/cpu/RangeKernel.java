package dev.octet.backend.cpu;

import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link dev.octet.graph.op.Range}: floats are {@code start + i * delta} in fp64, rounded once. */
final class RangeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_range", _ -> new RangeKernel());

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor start = args.in(0);
        Tensor delta = args.in(2);
        Tensor y = args.out(0);
        for (long i = 0; i < y.elementCount(); i++) {
            if (y.dtype().isFloat()) {
                y.setDouble(i, start.getDouble(0) + i * delta.getDouble(0));
            } else {
                y.setLong(i, start.getLong(0) + i * delta.getLong(0));
            }
        }
    }
}
