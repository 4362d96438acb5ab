package dev.octet.backend.cpu;

import dev.octet.graph.op.Variadic;
import dev.octet.graph.op.VariadicFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * {@link Variadic} for every type, combining the inputs in their order: floats in fp64, rounded once; NaN wins a maximum
 * or minimum. Sum and Mean take floats only.
 */
final class VariadicKernel implements Kernel {
    static final KernelFactory FACTORY = new KernelFactory(
            "java_variadic",
            spec -> spec.inputs().dtype(0).isFloat()
                    || function(((Variadic) spec.node().op())) == VariadicFunction.MAX
                    || function(((Variadic) spec.node().op())) == VariadicFunction.MIN,
            spec -> new VariadicKernel(function((Variadic) spec.node().op())));

    private final VariadicFunction function;

    private VariadicKernel(VariadicFunction function) {
        this.function = function;
    }

    private static VariadicFunction function(Variadic op) {
        return op.function();
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        List<Tensor> inputs = args.inputs().stream().map(Optional::orElseThrow).toList();
        Tensor y = args.out(0);
        Broadcast broadcast =
                Broadcast.of(y.shape(), inputs.stream().map(Tensor::shape).toList());
        Tensor[] operands = inputs.toArray(Tensor[]::new);
        int[] steps = new int[operands.length];
        for (int k = 0; k < steps.length; k++) {
            steps[k] = broadcast.step(k);
        }
        boolean real = y.dtype().isFloat();
        broadcast.forEachRow(workers, (out, starts, count) -> {
            for (int i = 0; i < count; i++) {
                long[] at = new long[operands.length];
                for (int k = 0; k < at.length; k++) {
                    at[k] = starts[k] + (long) i * steps[k];
                }
                if (real) {
                    y.setDouble(out + i, combineReals(operands, at));
                } else {
                    y.setLong(out + i, combineIntegers(operands, at));
                }
            }
        });
    }

    private double combineReals(Tensor[] operands, long[] at) {
        double result = operands[0].getDouble(at[0]);
        for (int k = 1; k < at.length; k++) {
            double value = operands[k].getDouble(at[k]);
            result = switch (function) {
                case MAX -> Math.max(result, value);
                case MIN -> Math.min(result, value);
                case SUM, MEAN -> result + value;
            };
        }
        return function == VariadicFunction.MEAN ? result / at.length : result;
    }

    private long combineIntegers(Tensor[] operands, long[] at) {
        // Adding the smallest long maps unsigned order onto signed order.
        long shift = operands[0].dtype() == DType.U64 ? Long.MIN_VALUE : 0;
        long result = operands[0].getLong(at[0]) + shift;
        for (int k = 1; k < at.length; k++) {
            long value = operands[k].getLong(at[k]) + shift;
            result = function == VariadicFunction.MAX ? Math.max(result, value) : Math.min(result, value);
        }
        return result - shift;
    }
}
