package dev.octet.backend.cpu;

import dev.octet.graph.op.ScatterElements;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link ScatterElements}, one update after another. */
final class ScatterElementsKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_scatter_elements",
            spec -> new ScatterElementsKernel((ScatterElements) spec.node().op()));

    private final ScatterElements op;

    private ScatterElementsKernel(ScatterElements op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor y = args.out(0);
        y.copyFrom(args.in(0));
        ElementPlaces places = new ElementPlaces(y.shape(), args.in(1), op.axis());
        ScatterUpdate update = new ScatterUpdate(op.reduction(), args.in(2), y);
        for (long i = 0; i < args.in(2).elementCount(); i++) {
            update.apply(i, places.of(i), 1);
        }
    }
}
