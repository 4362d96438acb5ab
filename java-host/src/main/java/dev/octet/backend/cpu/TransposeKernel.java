package dev.octet.backend.cpu;

import dev.octet.graph.op.Transpose;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** {@link Transpose} of elements of any width. */
final class TransposeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_transpose", spec -> {
        Shape x = spec.inputs().shape(0);
        return new TransposeKernel(x, ((Transpose) spec.node().op()).order(x.rank()));
    });

    private final StridedCopy copy;

    private TransposeKernel(Shape input, int[] order) {
        long[] fromStrides = input.strides();
        List<StridedCopy.Axis> axes = new ArrayList<>();
        long toStride = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            long extent = input.dim(order[i]);
            axes.add(new StridedCopy.Axis(extent, fromStrides[order[i]], toStride));
            toStride *= extent;
        }
        copy = new StridedCopy(0, 0, axes);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        copy.run(args.in(0), args.out(0), workers);
    }
}
