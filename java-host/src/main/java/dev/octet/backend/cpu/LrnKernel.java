package dev.octet.backend.cpu;

import dev.octet.graph.op.LocalResponseNormalization;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link LocalResponseNormalization} for every float type: squares are summed in fp64, lowest channel first. */
final class LrnKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_lrn",
            spec -> new LrnKernel((LocalResponseNormalization) spec.node().op()));

    private final LocalResponseNormalization op;

    private LrnKernel(LocalResponseNormalization op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        AxisRows rows = AxisRows.along(x.shape(), 1);
        rows.forEach(workers, row -> {
            double[] values = rows.load(x, row);
            double[] result = new double[values.length];
            for (int c = 0; c < values.length; c++) {
                double base = op.bias() + op.alpha() / (double) op.size() * squares(values, c);
                result[c] = values[c] / Math.pow(base, op.beta());
            }
            rows.store(y, row, result);
        });
    }

    private double squares(double[] values, int channel) {
        int from = (int) Math.max(0, channel - (op.size() - 1) / 2);
        int to = (int) Math.min(values.length - 1L, channel + op.size() / 2);
        double sum = 0;
        for (int c = from; c <= to; c++) {
            sum += values[c] * values[c];
        }
        return sum;
    }
}
