package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.CumSum;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/** {@link CumSum}: floats are summed in fp64, integers exactly and wrapping around. */
final class CumSumKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_cumsum", spec -> new CumSumKernel((CumSum) spec.node().op()));

    private final CumSum op;

    private CumSumKernel(CumSum op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        long axis = args.in(1).getLong(0);
        if (axis < -x.shape().rank() || axis >= x.shape().rank()) {
            throw ModelException.data("axis " + axis + " is outside of " + x.shape());
        }
        AxisRows rows = AxisRows.along(x.shape(), x.shape().axis(axis));
        boolean real = x.dtype().isFloat();
        rows.forEach(workers, row -> {
            long step = op.reverse() ? -rows.stride() : rows.stride();
            long at = rows.start(row) + (op.reverse() ? (rows.length() - 1L) * rows.stride() : 0);
            double realSum = 0;
            long integerSum = 0;
            for (int i = 0; i < rows.length(); i++, at += step) {
                double before = realSum;
                long integerBefore = integerSum;
                if (real) {
                    realSum += x.getDouble(at);
                    y.setDouble(at, op.exclusive() ? before : realSum);
                } else {
                    integerSum += x.getLong(at);
                    y.setLong(at, op.exclusive() ? integerBefore : integerSum);
                }
            }
        });
    }
}
