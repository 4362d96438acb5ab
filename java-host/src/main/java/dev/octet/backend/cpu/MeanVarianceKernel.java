package dev.octet.backend.cpu;

import dev.octet.graph.op.MeanVarianceNormalization;
import dev.octet.graph.op.ReducedAxes;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link MeanVarianceNormalization} for every float type, in fp64. */
final class MeanVarianceKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_mean_variance_norm",
            spec -> new MeanVarianceKernel(
                    (MeanVarianceNormalization) spec.node().op()));

    /** What ONNX's function body adds to the standard deviation. */
    private static final double EPSILON = 1e-9;

    private final MeanVarianceNormalization op;

    private MeanVarianceKernel(MeanVarianceNormalization op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        boolean[] reduced = new boolean[x.shape().rank()];
        op.axes().forEach(axis -> reduced[x.shape().axis(axis)] = true);
        ReducedAxes axes = ReducedAxes.of(x.shape(), reduced);
        Chunks.forEachRow(workers, axes.outputs(), axes.count(), output -> {
            double[] values = new double[Math.toIntExact(axes.count())];
            for (int i = 0; i < values.length; i++) {
                values[i] = x.getDouble(index(axes, output, i));
            }
            double mean = AxisRows.mean(values);
            double deviation = Math.sqrt(AxisRows.meanSquare(values, mean)) + EPSILON;
            for (int i = 0; i < values.length; i++) {
                y.setDouble(index(axes, output, i), (values[i] - mean) / deviation);
            }
        });
    }

    private static long index(ReducedAxes axes, long output, int i) {
        return axes.runStart(output, i / axes.runLength()) + i % axes.runLength() * axes.runStride();
    }
}
