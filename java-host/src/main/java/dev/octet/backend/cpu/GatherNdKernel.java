package dev.octet.backend.cpu;

import dev.octet.graph.op.GatherNd;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;

/** {@link GatherNd} of elements of any width. */
final class GatherNdKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_gather_nd",
            spec -> new GatherNdKernel(Math.toIntExact(((GatherNd) spec.node().op()).batchDims())));

    private final int batchDims;

    private GatherNdKernel(int batchDims) {
        this.batchDims = batchDims;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        Shape data = x.shape();
        Shape indexShape = args.in(1).shape();
        int depth = Math.toIntExact(indexShape.dim(-1));
        long[] extents = Arrays.copyOfRange(data.dims(), batchDims, batchDims + depth);
        long slice = data.product(batchDims + depth, data.rank());
        long slicesPerBatch = data.product(batchDims, batchDims + depth);
        long perBatch = indexShape.product(batchDims, indexShape.rank() - 1);
        long rows = indexShape.product(0, indexShape.rank() - 1);
        IndexReader indices = new IndexReader(args.in(1));
        ElementMover mover = new ElementMover(x, y);
        Workers usable = ElementMover.isSplittable(x.dtype()) ? workers : Workers.SINGLE;
        Chunks.forEachRow(usable, rows, slice, row -> {
            long from = row / perBatch * slicesPerBatch + indices.slice(row * depth, extents);
            mover.copy(from * slice, row * slice, slice);
        });
    }
}
