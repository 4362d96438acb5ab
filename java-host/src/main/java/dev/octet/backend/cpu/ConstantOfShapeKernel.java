package dev.octet.backend.cpu;

import dev.octet.graph.op.ConstantOfShape;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link ConstantOfShape} of elements of any width. */
final class ConstantOfShapeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_constant_of_shape",
            spec -> new ConstantOfShapeKernel(((ConstantOfShape) spec.node().op()).value()));

    private final Tensor value;

    private ConstantOfShapeKernel(Tensor value) {
        this.value = value;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        new ElementMover(value, args.out(0)).fill(0, 0, args.out(0).elementCount());
    }
}
