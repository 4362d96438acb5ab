package dev.octet.backend.cpu;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.LpPool;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.PoolWindow;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Pooling of types whose values are all floats: for each output line and tap, one row of input values is combined with
 * the row of results.
 */
final class PoolKernel implements Kernel {
    private static final Set<DType> TYPES = EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.S8, DType.U8);

    static final KernelFactory MAX = new KernelFactory("java_max_pool_rows", PoolKernel::isPlainMax, spec -> {
        MaxPool pool = (MaxPool) spec.node().op();
        return new PoolKernel(spec, window(spec, pool.window(), pool.layout()), new Largest());
    });
    static final KernelFactory AVERAGE = new KernelFactory("java_average_pool_rows", PoolKernel::hasRows, spec -> {
        AveragePool pool = (AveragePool) spec.node().op();
        PoolWindow window = window(spec, pool.window(), pool.layout());
        return new PoolKernel(spec, window, Mean.of(window, pool.countPadding()));
    });
    static final KernelFactory LP = new KernelFactory("java_lp_pool_rows", PoolKernel::hasRows, spec -> {
        LpPool pool = (LpPool) spec.node().op();
        return new PoolKernel(spec, window(spec, pool.window(), Layout.CHANNELS_FIRST), new Norm(pool.p()));
    });

    /** How the values under a window become one. */
    private interface Reduction {
        float start();

        /** Combines a row of values with the results so far. */
        void combine(float[] results, float[] values, int count);

        /** Ends the results of an output pixel. */
        default void finish(float[] results, int from, int count, int pixel) {}
    }

    private record Largest() implements Reduction {
        @Override
        public float start() {
            return Float.NEGATIVE_INFINITY;
        }

        @Override
        public void combine(float[] results, float[] values, int count) {
            for (int i = 0; i < count; i++) {
                results[i] = values[i] > results[i] ? values[i] : results[i];
            }
        }
    }

    /** Divides by one number of positions a pixel. */
    private record Mean(float[] divisors) implements Reduction {
        static Mean of(PoolWindow window, boolean countPadding) {
            float[] divisors = new float[window.outPixels()];
            for (int pixel = 0; pixel < divisors.length; pixel++) {
                divisors[pixel] = countPadding ? window.paddedTaps(pixel) : window.insideTaps(pixel);
            }
            return new Mean(divisors);
        }

        @Override
        public float start() {
            return 0;
        }

        @Override
        public void combine(float[] results, float[] values, int count) {
            for (int i = 0; i < count; i++) {
                results[i] += values[i];
            }
        }

        @Override
        public void finish(float[] results, int from, int count, int pixel) {
            float divisor = divisors[pixel];
            for (int i = from; i < from + count; i++) {
                results[i] /= divisor;
            }
        }
    }

    private record Norm(long p) implements Reduction {
        @Override
        public float start() {
            return 0;
        }

        @Override
        public void combine(float[] results, float[] values, int count) {
            for (int i = 0; i < count; i++) {
                results[i] += (float) Math.pow(Math.abs(values[i]), p);
            }
        }

        @Override
        public void finish(float[] results, int from, int count, int pixel) {
            for (int i = from; i < from + count; i++) {
                results[i] = (float) Math.pow(results[i], 1.0 / p);
            }
        }
    }

    private final PoolWindow window;
    private final Reduction reduction;
    private final FloatReader reader;

    private PoolKernel(KernelSpec spec, PoolWindow window, Reduction reduction) {
        this.window = window;
        this.reduction = reduction;
        this.reader = FloatReader.of(spec.inputs().dtype(0));
    }

    static PoolWindow window(KernelSpec spec, SpatialWindow window, Layout layout) {
        Shape output = spec.outputs().get(0).shape();
        return PoolWindow.of(spec.inputs().shape(0), output, window, layout);
    }

    private static boolean hasRows(KernelSpec spec) {
        return TYPES.contains(spec.inputs().dtype(0));
    }

    private static boolean isPlainMax(KernelSpec spec) {
        return hasRows(spec) && spec.node().outputs().size() == 1;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        int lines = window.out()[0] * window.out()[1];
        if (window.layout() == Layout.CHANNELS_LAST) {
            workers.forEach(Math.multiplyExact(window.batch(), lines), task -> poolPixels(task, args));
            return;
        }
        int planes = Math.multiplyExact(window.batch(), window.channels());
        workers.forEach(planes, plane -> {
            for (int line = 0; line < lines; line++) {
                poolLine(plane, line, args);
            }
        });
    }

    /** One line of outputs of every channel, channels innermost. */
    private void poolPixels(int task, KernelArgs args) {
        int lines = window.out()[0] * window.out()[1];
        int channels = window.channels();
        float[] results = new float[channels];
        float[] values = new float[channels];
        FloatWriter writer = FloatWriter.of(args.out(0));
        long image = task / lines;
        for (int column = 0; column < window.out()[2]; column++) {
            int pixel = task % lines * window.out()[2] + column;
            Arrays.fill(results, reduction.start());
            for (int tap = 0; tap < window.taps(); tap++) {
                long at = window.inPixel(pixel, tap);
                if (at >= 0) {
                    reader.read(args.in(0).data(), (image * window.inPixels() + at) * channels, values, 0, channels);
                    reduction.combine(results, values, channels);
                }
            }
            reduction.finish(results, 0, channels, pixel);
            writer.write(results, 0, (image * window.outPixels() + pixel) * channels, channels);
        }
    }

    /** One line of outputs of one channel. */
    private void poolLine(int plane, int line, KernelArgs args) {
        int width = window.out()[2];
        float[] results = new float[width];
        float[] values = new float[width];
        Arrays.fill(results, reduction.start());
        for (int tap = 0; tap < window.taps(); tap++) {
            if (gather(plane, line, tap, args, values)) {
                reduction.combine(results, values, width);
            }
        }
        for (int column = 0; column < width; column++) {
            reduction.finish(results, column, 1, line * width + column);
        }
        FloatWriter.of(args.out(0)).write(results, 0, (long) plane * window.outPixels() + (long) line * width, width);
    }

    /** The values under a tap of a line, neutral ones where padding is; false if that is everywhere. */
    private boolean gather(int plane, int line, int tap, KernelArgs args, float[] values) {
        long at = window.inLine(line, tap);
        if (at < 0) {
            return false;
        }
        int width = window.out()[2];
        int stride = window.strides()[2];
        int first = window.position(2, 0, tap % window.kernel()[2]);
        // Output columns whose tap lies inside the line: first + i * stride in [0, extent).
        int from = Math.clamp(Math.ceilDiv(-(long) first, stride), 0, width);
        int to = Math.clamp(Math.ceilDiv((long) window.in()[2] - first, stride), from, width);
        Arrays.fill(values, 0, from, reduction.start());
        Arrays.fill(values, to, width, reduction.start());
        long index = plane * window.inPixels() + at + first + (long) from * stride;
        reader.read(args.in(0).data(), index, stride, values, from, to - from);
        return true;
    }
}
