package dev.octet.backend.cpu;

import dev.octet.graph.op.Gather;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** {@link Gather} of elements of any width: runs of the axes inside the gathered one are copied whole. */
final class GatherKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_gather", spec -> new GatherKernel(((Gather) spec.node().op()).axis()));

    private final long axis;

    private GatherKernel(long axis) {
        this.axis = axis;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        Shape shape = x.shape();
        int along = shape.axis(axis);
        long extent = shape.dim(along);
        long inner = shape.product(along + 1, shape.rank());
        long count = args.in(1).elementCount();
        long rows = shape.product(0, along) * count;
        if (rows == 0) {
            return;
        }
        IndexReader indices = new IndexReader(args.in(1));
        ElementMover mover = new ElementMover(x, y);
        Workers usable = ElementMover.isSplittable(x.dtype()) ? workers : Workers.SINGLE;
        Chunks.forEachRow(usable, rows, inner, row -> {
            long from = row / count * extent + indices.at(row % count, extent);
            mover.copy(from * inner, row * inner, inner);
        });
    }
}
