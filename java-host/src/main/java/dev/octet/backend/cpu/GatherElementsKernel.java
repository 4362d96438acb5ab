package dev.octet.backend.cpu;

import dev.octet.graph.op.GatherElements;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link GatherElements} of elements of any width. */
final class GatherElementsKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_gather_elements",
            spec -> new GatherElementsKernel(((GatherElements) spec.node().op()).axis()));

    private final long axis;

    private GatherElementsKernel(long axis) {
        this.axis = axis;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        ElementPlaces places = new ElementPlaces(x.shape(), args.in(1), axis);
        ElementMover mover = new ElementMover(x, y);
        Workers usable = ElementMover.isSplittable(x.dtype()) ? workers : Workers.SINGLE;
        Chunks.forEach(usable, y.elementCount(), (from, to) -> {
            for (long i = from; i < to; i++) {
                mover.strided(places.of(i), 0, i, 1, 1);
            }
        });
    }
}
