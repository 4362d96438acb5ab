package dev.octet.backend.cpu;

import dev.octet.graph.op.OneHot;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** {@link OneHot} for values of any width. */
final class OneHotKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_one_hot", spec -> new OneHotKernel((OneHot) spec.node().op()));

    private final OneHot op;

    private OneHotKernel(OneHot op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor indices = args.in(0);
        Tensor y = args.out(0);
        Shape shape = indices.shape();
        int along = op.newAxis(shape.rank());
        long depth = y.shape().dim(along);
        long inner = shape.product(along, shape.rank());
        ElementMover mover = new ElementMover(args.in(2), y);
        mover.fill(0, 0, y.elementCount());
        for (long i = 0; i < indices.elementCount(); i++) {
            long index = indices.getLong(i);
            if (index >= -depth && index < depth) {
                long position = index < 0 ? index + depth : index;
                mover.copy(1, (i / inner * depth + position) * inner + i % inner, 1);
            }
        }
    }
}
