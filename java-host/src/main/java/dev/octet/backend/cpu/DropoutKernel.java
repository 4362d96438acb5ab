package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;

/** Dropout at inference: a copy, and a mask of ones. */
final class DropoutKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_dropout", _ -> new DropoutKernel());

    /** ONNX's ratio where that input is absent. */
    private static final double DEFAULT_RATIO = 0.5;

    @Override
    public void run(KernelArgs args, Workers workers) {
        double ratio = args.has(1) ? args.in(1).getDouble(0) : DEFAULT_RATIO;
        if (args.has(2) && args.in(2).getLong(0) != 0 && ratio != 0) {
            throw ModelException.unsupported("training mode with ratio " + ratio + " is not supported");
        }
        args.out(0).data().copyFrom(args.in(0).data());
        if (args.wants(1)) {
            args.out(1).data().fill((byte) 1);
        }
    }
}
