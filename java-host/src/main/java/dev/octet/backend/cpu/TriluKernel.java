package dev.octet.backend.cpu;

import dev.octet.graph.op.Trilu;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** {@link Trilu} of elements of any width. */
final class TriluKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_trilu", spec -> new TriluKernel(((Trilu) spec.node().op()).upper()));

    private final boolean upper;

    private TriluKernel(boolean upper) {
        this.upper = upper;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Shape shape = x.shape();
        long height = shape.dim(-2);
        long width = shape.dim(-1);
        long limit = height + width;
        long k = args.has(1) ? Math.clamp(args.in(1).getLong(0), -limit, limit) : 0;
        long rows = shape.product(0, shape.rank() - 1);
        ElementMover mover = new ElementMover(x, args.out(0));
        ElementMover zero = new ElementMover(Tensor.allocate(x.dtype(), Shape.SCALAR), args.out(0));
        for (long row = 0; row < rows && width > 0; row++) {
            long at = row * width;
            long diagonal = Math.clamp(row % height + k + (upper ? 0 : 1), 0, width);
            if (upper) {
                zero.fill(0, at, diagonal);
                mover.copy(at + diagonal, at + diagonal, width - diagonal);
            } else {
                mover.copy(at, at, diagonal);
                zero.fill(0, at + diagonal, width - diagonal);
            }
        }
    }
}
