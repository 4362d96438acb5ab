package dev.octet.backend.cpu;

import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.StridedMove;
import dev.octet.graph.op.Transpose;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;

/** One strided copy of elements of any width, known from the shapes alone. */
final class MoveKernel implements Kernel {
    static final KernelFactory DEPTH_TO_SPACE = KernelFactory.of(
            "java_depth_to_space",
            spec -> new MoveKernel(StridedMove.of((DepthToSpace) spec.node().op(), input(spec))));
    static final KernelFactory REPEAT = KernelFactory.of(
            "java_repeat",
            spec -> new MoveKernel(
                    StridedMove.repeated(input(spec), spec.outputs().get(0).shape())));
    static final KernelFactory SPACE_TO_DEPTH = KernelFactory.of(
            "java_space_to_depth",
            spec -> new MoveKernel(StridedMove.of((SpaceToDepth) spec.node().op(), input(spec))));
    static final KernelFactory TRANSPOSE = KernelFactory.of("java_transpose", spec -> {
        Shape x = input(spec);
        return new MoveKernel(StridedMove.permuted(x, ((Transpose) spec.node().op()).order(x.rank())));
    });

    private final StridedCopy copy;

    private MoveKernel(StridedMove move) {
        this.copy = new StridedCopy(move);
    }

    private static Shape input(KernelSpec spec) {
        return spec.inputs().shape(0);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        copy.run(args.in(0), args.out(0), workers);
    }
}
