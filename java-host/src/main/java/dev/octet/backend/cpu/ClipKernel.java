package dev.octet.backend.cpu;

import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** Clip of every type: {@code min(max(x, low), high)}, NaN staying NaN. */
final class ClipKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_clip", _ -> new ClipKernel());

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        Chunks.forEach(workers, x.elementCount(), x.dtype().isFloat() ? real(args, x, y) : integer(args, x, y));
    }

    private static Chunks.Body real(KernelArgs args, Tensor x, Tensor y) {
        double low = args.has(1) ? args.in(1).getDouble(0) : Double.NEGATIVE_INFINITY;
        double high = args.has(2) ? args.in(2).getDouble(0) : Double.POSITIVE_INFINITY;
        DoubleUnaryOperator clip = value -> Math.min(Math.max(value, low), high);
        return (from, to) -> {
            for (long i = from; i < to; i++) {
                y.setDouble(i, clip.applyAsDouble(x.getDouble(i)));
            }
        };
    }

    private static Chunks.Body integer(KernelArgs args, Tensor x, Tensor y) {
        // Adding the smallest long maps unsigned order onto signed order.
        long shift = x.dtype() == DType.U64 ? Long.MIN_VALUE : 0;
        long low = args.has(1) ? args.in(1).getLong(0) + shift : Long.MIN_VALUE;
        long high = args.has(2) ? args.in(2).getLong(0) + shift : Long.MAX_VALUE;
        LongUnaryOperator clip = value -> Math.min(Math.max(value + shift, low), high) - shift;
        return (from, to) -> {
            for (long i = from; i < to; i++) {
                y.setLong(i, clip.applyAsLong(x.getLong(i)));
            }
        };
    }
}
