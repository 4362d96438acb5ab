package dev.octet.backend.cpu;

import dev.octet.graph.op.EyeLike;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link EyeLike} of any type. */
final class EyeLikeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_eye_like", spec -> new EyeLikeKernel(((EyeLike) spec.node().op()).k()));

    private final long k;

    private EyeLikeKernel(long k) {
        this.k = k;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor y = args.out(0);
        long width = y.shape().dim(1);
        for (long row = 0; row < y.shape().dim(0); row++) {
            for (long column = 0; column < width; column++) {
                y.setLong(row * width + column, column - row == k ? 1 : 0);
            }
        }
    }
}
