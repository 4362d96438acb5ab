package dev.octet.backend.cpu;

import dev.octet.graph.op.Pad;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** {@link Pad} of elements of any width; the pads are read at each run. */
final class PadKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_pad", spec -> new PadKernel(((Pad) spec.node().op()).mode()));

    private final Pad.Mode mode;

    private PadKernel(Pad.Mode mode) {
        this.mode = mode;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        int rank = x.shape().rank();
        Optional<long[]> axes = args.has(3) ? Optional.of(args.in(3).toLongs()) : Optional.empty();
        Pad.Amounts pads = Pad.amounts(rank, args.in(1).toLongs(), axes);
        long[][] maps = new long[rank][];
        for (int axis = 0; axis < rank; axis++) {
            maps[axis] = map(x.shape().dim(axis), pads.begins()[axis], pads.ends()[axis]);
        }
        Tensor fill = args.has(2) ? args.in(2) : Tensor.allocate(x.dtype(), Shape.SCALAR);
        new AxisMapCopy(x.shape(), maps).run(x, y, fill, workers);
    }

    private long[] map(long extent, long begin, long end) {
        long first = Math.max(0, -begin);
        long left = extent - first - Math.max(0, -end);
        long[] map = new long[Math.toIntExact(extent + begin + end)];
        for (int i = 0; i < map.length; i++) {
            long at = i - Math.max(0, begin);
            long source = at >= 0 && at < left ? at : outside(at, left);
            map[i] = source < 0 ? -1 : first + source;
        }
        return map;
    }

    private long outside(long at, long extent) {
        return switch (mode) {
            case CONSTANT -> -1;
            case EDGE -> Math.clamp(at, 0, extent - 1);
            case WRAP -> Math.floorMod(at, extent);
            case REFLECT -> {
                long period = Math.max(1, 2 * (extent - 1));
                long within = Math.floorMod(at, period);
                yield Math.min(within, period - within) % extent;
            }
        };
    }
}
