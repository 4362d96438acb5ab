package dev.octet.backend.cpu;

import dev.octet.graph.op.Compress;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** {@link Compress} of elements of any width. */
final class CompressKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_compress", spec -> new CompressKernel((Compress) spec.node().op()));

    private final Compress op;

    private CompressKernel(Compress op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor condition = args.in(1);
        Shape view = op.view(x.shape());
        int along = op.along(x.shape());
        long extent = view.dim(along);
        long inner = view.product(along + 1, view.rank());
        ElementMover mover = new ElementMover(x, args.out(0));
        long to = 0;
        for (long outer = 0; outer < view.product(0, along); outer++) {
            for (long i = 0; i < condition.elementCount(); i++) {
                if (condition.getLong(i) != 0) {
                    mover.copy((outer * extent + i) * inner, to, inner);
                    to += inner;
                }
            }
        }
    }
}
