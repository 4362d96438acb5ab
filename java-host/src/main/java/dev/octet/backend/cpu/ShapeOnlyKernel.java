package dev.octet.backend.cpu;

import dev.octet.graph.ShapeOnly;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.List;

/** {@link ShapeOnly} operators, where a graph output asks for them: a plan knows their value otherwise. */
final class ShapeOnlyKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_shape_only",
            spec -> new ShapeOnlyKernel(((ShapeOnly) spec.node().op())
                    .fromShapes(List.of(spec.inputs().shape(0)))));

    private final Tensor value;

    private ShapeOnlyKernel(Tensor value) {
        this.value = value;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        args.out(0).copyFrom(value);
    }
}
