package dev.octet.backend.cpu;

import dev.octet.graph.op.Softmax;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.Arrays;

/** {@link Softmax} for every float type: a row in fp64, first element first, rounded once. */
final class SoftmaxKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_softmax", spec -> new SoftmaxKernel((Softmax) spec.node().op()));

    private final Softmax op;

    private SoftmaxKernel(Softmax op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        AxisRows rows = AxisRows.along(x.shape(), x.shape().axis(op.axis()));
        rows.forEach(workers, row -> {
            double[] values = rows.load(x, row);
            switch (op.function()) {
                case SOFTMAX -> softmax(values);
                case LOG_SOFTMAX -> logSoftmax(values);
                case HARDMAX -> hardmax(values);
            }
            rows.store(y, row, values);
        });
    }

    private static double max(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static void softmax(double[] values) {
        double max = max(values);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i] - max);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
    }

    private static void logSoftmax(double[] values) {
        double max = max(values);
        double sum = 0;
        for (double value : values) {
            sum += Math.exp(value - max);
        }
        double logSum = Math.log(sum);
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] - max - logSum;
        }
    }

    private static void hardmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        Arrays.fill(values, 0);
        values[best] = 1;
    }
}
