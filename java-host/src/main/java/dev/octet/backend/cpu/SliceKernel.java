package dev.octet.backend.cpu;

import dev.octet.graph.op.Slice;
import dev.octet.graph.op.StridedMove;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** {@link Slice} of elements of any width; the bounds are read at each run. */
final class SliceKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_slice", _ -> new SliceKernel());

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Slice.Bounds bounds =
                new Slice.Bounds(args.in(1).toLongs(), args.in(2).toLongs(), longs(args, 3), longs(args, 4));
        StridedMove move = StridedMove.cut(x.shape(), bounds.resolve(x.shape()));
        new StridedCopy(move).run(x, args.out(0), workers);
    }

    private static Optional<long[]> longs(KernelArgs args, int input) {
        return args.has(input) ? Optional.of(args.in(input).toLongs()) : Optional.empty();
    }
}
