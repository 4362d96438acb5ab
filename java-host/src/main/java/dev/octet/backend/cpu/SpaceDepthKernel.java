package dev.octet.backend.cpu;

import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** {@link DepthToSpace} and {@link SpaceToDepth}: a transposition of six axes. */
final class SpaceDepthKernel implements Kernel {
    static final KernelFactory DEPTH_TO_SPACE = KernelFactory.of("java_depth_to_space", spec -> {
        DepthToSpace op = (DepthToSpace) spec.node().op();
        return depthToSpace(spec.inputs().shape(0), op.blockSize(), op.order());
    });
    static final KernelFactory SPACE_TO_DEPTH = KernelFactory.of("java_space_to_depth", spec -> {
        SpaceToDepth op = (SpaceToDepth) spec.node().op();
        return spaceToDepth(spec.inputs().shape(0), op.blockSize());
    });

    private final StridedCopy copy;

    /** Splits dense input axes; output axis i is part {@code order[i]}. */
    private SpaceDepthKernel(long[] parts, int[] order) {
        long[] fromStrides = Shape.of(parts).strides();
        List<StridedCopy.Axis> axes = new ArrayList<>();
        long toStride = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            axes.add(new StridedCopy.Axis(parts[order[i]], fromStrides[order[i]], toStride));
            toStride *= parts[order[i]];
        }
        copy = new StridedCopy(0, 0, axes);
    }

    private static SpaceDepthKernel depthToSpace(Shape x, long block, DepthToSpace.Order order) {
        long channels = x.dim(1) / (block * block);
        return switch (order) {
            case DCR ->
                new SpaceDepthKernel(
                        new long[] {x.dim(0), block, block, channels, x.dim(2), x.dim(3)},
                        new int[] {0, 3, 4, 1, 5, 2});
            case CRD ->
                new SpaceDepthKernel(
                        new long[] {x.dim(0), channels, block, block, x.dim(2), x.dim(3)},
                        new int[] {0, 1, 4, 2, 5, 3});
        };
    }

    private static SpaceDepthKernel spaceToDepth(Shape x, long block) {
        return new SpaceDepthKernel(
                new long[] {x.dim(0), x.dim(1), x.dim(2) / block, block, x.dim(3) / block, block},
                new int[] {0, 3, 5, 1, 2, 4});
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        copy.run(args.in(0), args.out(0), workers);
    }
}
