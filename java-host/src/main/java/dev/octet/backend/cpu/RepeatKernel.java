package dev.octet.backend.cpu;

import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Tile;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** {@link Expand} and {@link Tile}: each input axis is walked as often as the output needs. */
final class RepeatKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_repeat",
            spec -> new RepeatKernel(
                    spec.inputs().shape(0), spec.outputs().get(0).shape()));

    private final StridedCopy copy;

    private RepeatKernel(Shape input, Shape output) {
        List<StridedCopy.Axis> axes = new ArrayList<>();
        long[] fromStrides = input.strides();
        long[] toStrides = output.strides();
        int added = output.rank() - input.rank();
        for (int i = 0; i < output.rank(); i++) {
            long extent = i < added ? 1 : input.dim(i - added);
            long repeats = extent == 0 ? 0 : output.dim(i) / extent;
            long fromStride = i < added ? 0 : fromStrides[i - added];
            axes.add(new StridedCopy.Axis(repeats, 0, toStrides[i] * extent));
            axes.add(new StridedCopy.Axis(extent, fromStride, toStrides[i]));
        }
        copy = new StridedCopy(0, 0, axes);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        copy.run(args.in(0), args.out(0), workers);
    }
}
