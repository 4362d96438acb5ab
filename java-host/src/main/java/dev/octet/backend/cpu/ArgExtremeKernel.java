package dev.octet.backend.cpu;

import dev.octet.graph.op.ArgExtreme;
import dev.octet.graph.op.ArgFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;

/** {@link ArgExtreme} for every type. A NaN is taken for the extreme, as NumPy does. */
final class ArgExtremeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_arg_extreme",
            spec -> new ArgExtremeKernel((ArgExtreme) spec.node().op()));

    private final ArgExtreme op;

    private ArgExtremeKernel(ArgExtreme op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        AxisRows rows = AxisRows.along(x.shape(), x.shape().axis(op.axis()));
        rows.forEach(workers, row -> {
            long start = rows.start(row);
            int best = 0;
            for (int i = 1; i < rows.length(); i++) {
                int order = compare(x, start + i * rows.stride(), start + best * rows.stride());
                if (order > 0 || (order == 0 && op.selectLastIndex())) {
                    best = i;
                }
            }
            y.setLong(row, best);
        });
    }

    /** Positive if the first element is the more extreme one. */
    private int compare(Tensor x, long first, long second) {
        if (x.dtype().isFloat()) {
            double a = x.getDouble(first);
            double b = x.getDouble(second);
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
            }
            int order = a < b ? -1 : a > b ? 1 : 0;
            return op.function() == ArgFunction.MAX ? order : -order;
        }
        long a = x.getLong(first);
        long b = x.getLong(second);
        int order = x.dtype() == DType.U64 ? Long.compareUnsigned(a, b) : Long.compare(a, b);
        return op.function() == ArgFunction.MAX ? order : -order;
    }
}
