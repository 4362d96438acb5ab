package dev.octet.backend.cpu;

import dev.octet.graph.TensorType;
import dev.octet.graph.op.Split;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;

/** {@link Split} of elements of any width. */
final class SplitKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_split", spec -> new SplitKernel(((Split) spec.node().op()).axis(), spec.outputs()));

    private final long axis;
    private final List<Shape> parts;

    private SplitKernel(long axis, List<TensorType> outputs) {
        this.axis = axis;
        this.parts = outputs.stream().map(TensorType::shape).toList();
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        int along = x.shape().axis(axis);
        long rows = x.shape().product(0, along);
        long rowLength = x.shape().product(along, x.shape().rank());
        long from = 0;
        for (int i = 0; i < parts.size(); i++) {
            long length = parts.get(i).product(along, x.shape().rank());
            if (args.wants(i)) {
                List<StridedCopy.Axis> axes =
                        List.of(new StridedCopy.Axis(rows, rowLength, length), new StridedCopy.Axis(length, 1, 1));
                new StridedCopy(from, 0, axes).run(x, args.out(i), workers);
            }
            from += length;
        }
    }
}
