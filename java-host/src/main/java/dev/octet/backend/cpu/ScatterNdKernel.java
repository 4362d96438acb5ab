package dev.octet.backend.cpu;

import dev.octet.graph.op.ScatterNd;
import dev.octet.graph.op.ScatterReduction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;

/** {@link ScatterNd}, one slice after another. */
final class ScatterNdKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_scatter_nd",
            spec -> new ScatterNdKernel(((ScatterNd) spec.node().op()).reduction()));

    private final ScatterReduction reduction;

    private ScatterNdKernel(ScatterReduction reduction) {
        this.reduction = reduction;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor y = args.out(0);
        y.copyFrom(args.in(0));
        Shape indexShape = args.in(1).shape();
        int depth = Math.toIntExact(indexShape.dim(-1));
        long[] extents = Arrays.copyOf(y.shape().dims(), depth);
        long slice = y.shape().product(depth, y.shape().rank());
        long rows = indexShape.product(0, indexShape.rank() - 1);
        IndexReader indices = new IndexReader(args.in(1));
        ScatterUpdate update = new ScatterUpdate(reduction, args.in(2), y);
        for (long row = 0; row < rows; row++) {
            update.apply(row * slice, indices.slice(row * depth, extents) * slice, slice);
        }
    }
}
