package dev.octet.backend.cpu;

import dev.octet.graph.op.Einsum;
import dev.octet.graph.op.EinsumAxes;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** {@link Einsum}: floats are summed in fp64 in the order of the labels and rounded once, integers wrap around. */
final class EinsumKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_einsum", spec -> new EinsumKernel(((Einsum) spec.node().op()).equation()));

    private final String equation;

    private EinsumKernel(String equation) {
        this.equation = equation;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor[] operands = args.inputs().stream().map(Optional::orElseThrow).toArray(Tensor[]::new);
        Tensor y = args.out(0);
        EinsumAxes axes = EinsumAxes.resolve(
                equation, Arrays.stream(operands).map(Tensor::shape).toList());
        long terms = 1;
        for (int loop = axes.outputAxes(); loop < axes.extents().length; loop++) {
            terms *= axes.extents()[loop];
        }
        long count = terms;
        boolean real = y.dtype().isFloat();
        Chunks.forEachRow(workers, y.elementCount(), count, output -> {
            long[] starts = new long[operands.length];
            advance(axes, 0, axes.outputAxes(), output, starts);
            if (real) {
                y.setDouble(output, sumReals(operands, axes, starts, count));
            } else {
                y.setLong(output, sumIntegers(operands, axes, starts, count));
            }
        });
    }

    /** Adds to each operand's index what position {@code flat} of the loops {@code from} to {@code to} makes. */
    private static void advance(EinsumAxes axes, int from, int to, long flat, long[] at) {
        long rest = flat;
        for (int loop = to - 1; loop >= from; loop--) {
            long position = rest % axes.extents()[loop];
            rest /= axes.extents()[loop];
            for (int k = 0; k < at.length; k++) {
                at[k] += position * axes.strides()[k][loop];
            }
        }
    }

    private static double sumReals(Tensor[] operands, EinsumAxes axes, long[] starts, long count) {
        double sum = 0;
        for (long term = 0; term < count; term++) {
            long[] at = starts.clone();
            advance(axes, axes.outputAxes(), axes.extents().length, term, at);
            double product = 1;
            for (int k = 0; k < at.length; k++) {
                product *= operands[k].getDouble(at[k]);
            }
            sum += product;
        }
        return sum;
    }

    private static long sumIntegers(Tensor[] operands, EinsumAxes axes, long[] starts, long count) {
        long sum = 0;
        for (long term = 0; term < count; term++) {
            long[] at = starts.clone();
            advance(axes, axes.outputAxes(), axes.extents().length, term, at);
            long product = 1;
            for (int k = 0; k < at.length; k++) {
                product *= operands[k].getLong(at[k]);
            }
            sum += product;
        }
        return sum;
    }
}
