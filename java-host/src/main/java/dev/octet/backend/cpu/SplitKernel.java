package dev.octet.backend.cpu;

import dev.octet.graph.TensorType;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.StridedMove;
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
        List<StridedMove> moves = StridedMove.parted(parts, x.shape(), x.shape().axis(axis));
        for (int i = 0; i < moves.size(); i++) {
            if (args.wants(i)) {
                new StridedCopy(moves.get(i)).run(x, args.out(i), workers);
            }
        }
    }
}
