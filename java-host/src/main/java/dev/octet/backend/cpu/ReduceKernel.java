package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.graph.op.ReducedAxes;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * {@link Reduce} for every type. Floats accumulate in fp64, elements in row-major order, and round once; integers
 * accumulate in 64 bits, wrapping around, and L2 and the logarithms of integers are fp64 truncated. Without elements a
 * sum is 0, a product 1, a mean NaN, a maximum the type's lowest and a minimum its highest value.
 */
final class ReduceKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_reduce", spec -> new ReduceKernel((Reduce) spec.node().op()));

    private final Reduce op;

    private ReduceKernel(Reduce op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        Optional<long[]> given = args.has(1) ? Optional.of(args.in(1).toLongs()) : Optional.empty();
        ReducedAxes axes = ReducedAxes.of(x.shape(), op.reducedAxes(x.shape(), given));
        boolean real = x.dtype().isFloat() || !isExactInteger(op.function());
        Chunks.forEachRow(workers, axes.outputs(), axes.count(), output -> {
            if (real) {
                y.setDouble(output, reduceReals(x, axes, output));
            } else {
                y.setLong(output, reduceIntegers(x, axes, output));
            }
        });
    }

    private static boolean isExactInteger(ReduceFunction function) {
        return switch (function) {
            case SUM, MEAN, MAX, MIN, PROD, L1, SUM_SQUARE -> true;
            case L2, LOG_SUM, LOG_SUM_EXP -> false;
        };
    }

    private double reduceReals(Tensor x, ReducedAxes axes, long output) {
        return switch (op.function()) {
            case SUM -> sum(x, axes, output);
            case MEAN -> sum(x, axes, output) / axes.count();
            case MAX -> fold(x, axes, output, Double.NEGATIVE_INFINITY, Math::max);
            case MIN -> fold(x, axes, output, Double.POSITIVE_INFINITY, Math::min);
            case PROD -> fold(x, axes, output, 1, (acc, value) -> acc * value);
            case L1 -> fold(x, axes, output, 0, (acc, value) -> acc + Math.abs(value));
            case L2 -> Math.sqrt(sumOfSquares(x, axes, output));
            case SUM_SQUARE -> sumOfSquares(x, axes, output);
            case LOG_SUM -> Math.log(sum(x, axes, output));
            case LOG_SUM_EXP -> logSumExp(x, axes, output);
        };
    }

    private double sumOfSquares(Tensor x, ReducedAxes axes, long output) {
        return fold(x, axes, output, 0, (acc, value) -> acc + value * value);
    }

    private double logSumExp(Tensor x, ReducedAxes axes, long output) {
        double max = fold(x, axes, output, Double.NEGATIVE_INFINITY, Math::max);
        double shift = Double.isInfinite(max) ? 0 : max;
        return shift + Math.log(fold(x, axes, output, 0, (acc, value) -> acc + Math.exp(value - shift)));
    }

    private double sum(Tensor x, ReducedAxes axes, long output) {
        if (x.dtype() != DType.F32) {
            return fold(x, axes, output, 0, Double::sum);
        }
        double sum = 0;
        long stride = axes.runStride();
        for (long run = 0; run < axes.runs(); run++) {
            long start = axes.runStart(output, run);
            sum = stride == 1
                    ? sumRun(x.data(), start, axes.runLength(), sum)
                    : sumRun(x.data(), start, stride, axes.runLength(), sum);
        }
        return sum;
    }

    private static double sumRun(MemorySegment data, long start, int length, double before) {
        double sum = before;
        for (int i = 0; i < length; i++) {
            sum += data.get(Tensor.F32_LAYOUT, (start + i) * Float.BYTES);
        }
        return sum;
    }

    private static double sumRun(MemorySegment data, long start, long stride, int length, double before) {
        double sum = before;
        for (int i = 0; i < length; i++) {
            sum += data.get(Tensor.F32_LAYOUT, (start + i * stride) * Float.BYTES);
        }
        return sum;
    }

    private static double fold(Tensor x, ReducedAxes axes, long output, double identity, DoubleBinaryOperator step) {
        double acc = identity;
        for (long run = 0; run < axes.runs(); run++) {
            long start = axes.runStart(output, run);
            for (int i = 0; i < axes.runLength(); i++) {
                acc = step.applyAsDouble(acc, x.getDouble(start + i * axes.runStride()));
            }
        }
        return acc;
    }

    private long reduceIntegers(Tensor x, ReducedAxes axes, long output) {
        boolean unsigned64 = x.dtype() == DType.U64;
        long lowest = x.dtype() == DType.BOOL ? 0 : x.dtype().minInteger();
        long highest = x.dtype() == DType.BOOL ? 1 : x.dtype().maxInteger();
        return switch (op.function()) {
            case SUM -> foldLongs(x, axes, output, 0, Long::sum);
            case MEAN -> mean(foldLongs(x, axes, output, 0, Long::sum), axes.count(), unsigned64);
            case MAX -> foldLongs(x, axes, output, lowest, unsigned64 ? ReduceKernel::maxUnsigned : Math::max);
            case MIN -> foldLongs(x, axes, output, highest, unsigned64 ? ReduceKernel::minUnsigned : Math::min);
            case PROD -> foldLongs(x, axes, output, 1, (acc, value) -> acc * value);
            case L1 -> foldLongs(x, axes, output, 0, (acc, value) -> acc + (unsigned64 ? value : Math.abs(value)));
            case SUM_SQUARE -> foldLongs(x, axes, output, 0, (acc, value) -> acc + value * value);
            case L2, LOG_SUM, LOG_SUM_EXP -> throw new IllegalStateException(op.function() + " is not exact");
        };
    }

    private static long mean(long sum, long count, boolean unsigned) {
        if (count == 0) {
            throw ModelException.data("the mean of no integers is undefined");
        }
        return unsigned ? Long.divideUnsigned(sum, count) : sum / count;
    }

    private static long maxUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private static long minUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    private static long foldLongs(Tensor x, ReducedAxes axes, long output, long identity, LongBinaryOperator step) {
        long acc = identity;
        for (long run = 0; run < axes.runs(); run++) {
            long start = axes.runStart(output, run);
            for (int i = 0; i < axes.runLength(); i++) {
                acc = step.applyAsLong(acc, x.getLong(start + i * axes.runStride()));
            }
        }
        return acc;
    }
}
