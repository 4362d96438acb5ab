package dev.octet.backend.cpu;

import dev.octet.graph.op.Concat;
import dev.octet.graph.op.StridedMove;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
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
        List<Shape> parts =
                args.inputs().stream().map(part -> part.orElseThrow().shape()).toList();
        List<StridedMove> moves = StridedMove.joined(parts, y.shape(), y.shape().axis(axis));
        for (int i = 0; i < moves.size(); i++) {
            new StridedCopy(moves.get(i)).run(args.in(i), y, workers);
        }
    }
}
