package dev.octet.backend.cpu;

import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/**
 * {@link LayerNormalization} and {@link RmsNormalization} for every float type: mean, then mean squared distance, in
 * fp64, first element first; the result is rounded once.
 */
final class LayerNormKernel implements Kernel {
    static final KernelFactory LAYER = KernelFactory.of("java_layer_norm", spec -> {
        LayerNormalization op = (LayerNormalization) spec.node().op();
        return new LayerNormKernel(op.axis(), op.epsilon(), true);
    });
    static final KernelFactory RMS = KernelFactory.of("java_rms_norm", spec -> {
        RmsNormalization op = (RmsNormalization) spec.node().op();
        return new LayerNormKernel(op.axis(), op.epsilon(), false);
    });

    private final long axis;
    private final double epsilon;
    private final boolean centered;

    private LayerNormKernel(long axis, double epsilon, boolean centered) {
        this.axis = axis;
        this.epsilon = epsilon;
        this.centered = centered;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        int from = x.shape().axis(axis);
        AxisRows rows = AxisRows.trailing(x.shape(), from);
        Parameter scale = new Parameter(args.in(1), x.shape(), from);
        Parameter bias = new Parameter(args.has(2) ? args.in(2) : Tensor.scalar(0), x.shape(), from);
        rows.forEach(workers, row -> {
            double[] values = rows.load(x, row);
            double mean = centered ? AxisRows.mean(values) : 0;
            double inverseDeviation = 1 / Math.sqrt(AxisRows.meanSquare(values, mean) + epsilon);
            long start = rows.start(row);
            double[] scales = scale.row(start);
            double[] biases = bias.row(start);
            for (int i = 0; i < values.length; i++) {
                values[i] = (values[i] - mean) * inverseDeviation * scales[i] + biases[i];
            }
            rows.store(args.out(0), row, values);
            if (args.wants(1)) {
                args.out(1).setDouble(row, mean);
            }
            if (args.wants(2)) {
                args.out(2).setDouble(row, inverseDeviation);
            }
        });
    }

    /** A scale or bias, expanded once where every row meets the same values. */
    private static final class Parameter {
        private final Tensor tensor;
        private final BroadcastIndex index;
        private final double[] shared;
        private final boolean sameForAllRows;

        Parameter(Tensor tensor, Shape x, int from) {
            Shape shape = tensor.shape();
            this.tensor = tensor;
            this.index = new BroadcastIndex(shape, x);
            this.shared = new double[Math.toIntExact(x.product(from, x.rank()))];
            int outer = Math.max(0, shape.rank() - (x.rank() - from));
            this.sameForAllRows = shape.product(0, outer) == 1;
            fill(shared, 0);
        }

        private void fill(double[] values, long start) {
            for (int i = 0; i < values.length && tensor.elementCount() > 0; i++) {
                values[i] = tensor.getDouble(index.at(start + i));
            }
        }

        double[] row(long start) {
            if (sameForAllRows) {
                return shared;
            }
            double[] values = new double[shared.length];
            fill(values, start);
            return values;
        }
    }
}
