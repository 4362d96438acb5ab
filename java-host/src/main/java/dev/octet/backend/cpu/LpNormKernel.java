package dev.octet.backend.cpu;

import dev.octet.graph.op.LpNormalization;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link LpNormalization} for every float type, in fp64. */
final class LpNormKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_lp_norm",
            spec -> new LpNormKernel((LpNormalization) spec.node().op()));

    private final LpNormalization op;

    private LpNormKernel(LpNormalization op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        AxisRows rows = AxisRows.along(x.shape(), x.shape().axis(op.axis()));
        rows.forEach(workers, row -> {
            double[] values = rows.load(x, row);
            double sum = 0;
            for (double value : values) {
                sum += op.p() == 1 ? Math.abs(value) : value * value;
            }
            double norm = op.p() == 1 ? sum : Math.sqrt(sum);
            for (int i = 0; i < values.length && norm != 0; i++) {
                values[i] /= norm;
            }
            rows.store(args.out(0), row, values);
        });
    }
}
