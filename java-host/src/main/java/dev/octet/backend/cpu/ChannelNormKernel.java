package dev.octet.backend.cpu;

import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/**
 * {@link InstanceNormalization} and {@link GroupNormalization} for every float type: mean, then mean squared distance of
 * each group of channels in fp64, first element first; the result is rounded once.
 */
final class ChannelNormKernel implements Kernel {
    static final KernelFactory INSTANCE = KernelFactory.of(
            "java_instance_norm",
            spec -> new ChannelNormKernel(
                    spec.inputs().shape(0).dim(1),
                    ((InstanceNormalization) spec.node().op()).epsilon()));
    static final KernelFactory GROUP = KernelFactory.of("java_group_norm", spec -> {
        GroupNormalization op = (GroupNormalization) spec.node().op();
        return new ChannelNormKernel(op.groups(), op.epsilon());
    });

    private final long groups;
    private final double epsilon;

    private ChannelNormKernel(long groups, double epsilon) {
        this.groups = groups;
        this.epsilon = epsilon;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        if (x.elementCount() == 0) {
            return;
        }
        long channels = x.shape().dim(1) / groups;
        int spatial = Math.toIntExact(x.shape().product(2, x.shape().rank()));
        AxisRows rows = new AxisRows(x.shape().dim(0) * groups, Math.toIntExact(channels * spatial), 1);
        rows.forEach(workers, row -> {
            double[] values = rows.load(x, row);
            double mean = AxisRows.mean(values);
            double inverseDeviation = 1 / Math.sqrt(AxisRows.meanSquare(values, mean) + epsilon);
            long firstChannel = row % groups * channels;
            for (int c = 0; c < channels; c++) {
                double scale = args.in(1).getDouble(firstChannel + c) * inverseDeviation;
                double bias = args.in(2).getDouble(firstChannel + c);
                for (int i = c * spatial; i < (c + 1) * spatial; i++) {
                    values[i] = (values[i] - mean) * scale + bias;
                }
            }
            rows.store(args.out(0), row, values);
        });
    }
}
