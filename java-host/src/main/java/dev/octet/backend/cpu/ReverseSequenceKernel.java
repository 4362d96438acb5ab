package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.ReverseSequence;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** {@link ReverseSequence} of elements of any width. */
final class ReverseSequenceKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_reverse_sequence",
            spec -> new ReverseSequenceKernel((ReverseSequence) spec.node().op()));

    private final ReverseSequence op;

    private ReverseSequenceKernel(ReverseSequence op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Shape shape = x.shape();
        long steps = shape.dim((int) op.timeAxis());
        long batch = shape.dim((int) op.batchAxis());
        long inner = shape.product(2, shape.rank());
        long timeStride = op.timeAxis() == 0 ? batch * inner : inner;
        long batchStride = op.batchAxis() == 0 ? steps * inner : inner;
        ElementMover mover = new ElementMover(x, args.out(0));
        for (long b = 0; b < batch; b++) {
            long length = args.in(1).getLong(b);
            if (length < 0 || length > steps) {
                throw ModelException.data("sequence length " + length + " is outside [0, " + steps + "]");
            }
            for (long t = 0; t < steps; t++) {
                long source = t < length ? length - 1 - t : t;
                mover.copy(b * batchStride + source * timeStride, b * batchStride + t * timeStride, inner);
            }
        }
    }
}
