package dev.octet.backend.cpu;

import dev.octet.graph.op.Slice;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link Slice} of elements of any width; the bounds are read at each run. */
final class SliceKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_slice", _ -> new SliceKernel());

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Slice.Bounds bounds =
                new Slice.Bounds(args.in(1).toLongs(), args.in(2).toLongs(), longs(args, 3), longs(args, 4));
        List<Slice.Cut> cuts = bounds.resolve(x.shape());
        long[] fromStrides = x.shape().strides();
        long[] toStrides = args.out(0).shape().strides();
        List<StridedCopy.Axis> axes = new ArrayList<>();
        long from = 0;
        for (int i = 0; i < toStrides.length; i++) {
            Slice.Cut cut = cuts.get(i);
            from += cut.start() * fromStrides[i];
            long step = cut.extent() > 1 ? cut.step() : 0;
            axes.add(new StridedCopy.Axis(cut.extent(), step * fromStrides[i], toStrides[i]));
        }
        new StridedCopy(from, 0, axes).run(x, args.out(0), workers);
    }

    private static Optional<long[]> longs(KernelArgs args, int input) {
        return args.has(input) ? Optional.of(args.in(input).toLongs()) : Optional.empty();
    }
}
