package dev.octet.backend.cpu;

import dev.octet.graph.op.Concat;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.List;

/** {@link Concat} of elements of any width. */
final class ConcatKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_concat", spec -> new ConcatKernel(((Concat) spec.node().op()).axis()));

    private final long axis;

    private ConcatKernel(long axis) {
        this.axis = axis;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor y = args.out(0);
        int along = y.shape().axis(axis);
        long rows = y.shape().product(0, along);
        long rowLength = y.shape().product(along, y.shape().rank());
        long to = 0;
        for (int i = 0; i < args.inputs().size(); i++) {
            Tensor x = args.in(i);
            long length = x.shape().product(along, x.shape().rank());
            List<StridedCopy.Axis> axes =
                    List.of(new StridedCopy.Axis(rows, length, rowLength), new StridedCopy.Axis(length, 1, 1));
            new StridedCopy(0, to, axes).run(x, y, workers);
            to += length;
        }
    }
}
