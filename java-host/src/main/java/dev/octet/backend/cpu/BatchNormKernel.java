package dev.octet.backend.cpu;

import dev.octet.graph.op.BatchNormalization;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link BatchNormalization} for every float type, computed in fp64 and rounded once. */
final class BatchNormKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_batch_norm",
            spec -> new BatchNormKernel(((BatchNormalization) spec.node().op()).epsilon()));

    private final double epsilon;

    private BatchNormKernel(double epsilon) {
        this.epsilon = epsilon;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        long channels = x.shape().dim(1);
        int spatial = Math.toIntExact(x.shape().product(2, x.shape().rank()));
        AxisRows rows = new AxisRows(x.shape().dim(0) * channels, spatial, 1);
        rows.forEach(workers, row -> {
            long channel = row % channels;
            double mean = args.in(3).getDouble(channel);
            double deviation = Math.sqrt(args.in(4).getDouble(channel) + epsilon);
            double scale = args.in(1).getDouble(channel) / deviation;
            double bias = args.in(2).getDouble(channel);
            double[] values = rows.load(x, row);
            for (int i = 0; i < values.length; i++) {
                values[i] = (values[i] - mean) * scale + bias;
            }
            rows.store(y, row, values);
        });
    }
}
