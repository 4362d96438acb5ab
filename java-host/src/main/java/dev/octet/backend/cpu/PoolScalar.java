package dev.octet.backend.cpu;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.PoolWindow;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;

/** Pooling in double, one output at a time: every type, and the indices of the largest values. */
final class PoolScalar implements Kernel {
    static final KernelFactory MAX = KernelFactory.of("java_max_pool_scalar", spec -> {
        MaxPool pool = (MaxPool) spec.node().op();
        PoolWindow window =
                PoolWindow.of(spec.inputs().shape(0), spec.outputs().get(0).shape(), pool.window(), pool.layout());
        return new PoolScalar(window, true, pool.columnMajor(), false);
    });
    static final KernelFactory AVERAGE = KernelFactory.of("java_average_pool_scalar", PoolScalar::average);

    private final PoolWindow window;
    private final boolean largest;
    private final boolean columnMajor;
    private final boolean countPadding;

    private PoolScalar(PoolWindow window, boolean largest, boolean columnMajor, boolean countPadding) {
        this.window = window;
        this.largest = largest;
        this.columnMajor = columnMajor;
        this.countPadding = countPadding;
    }

    private static PoolScalar average(KernelSpec spec) {
        AveragePool pool = (AveragePool) spec.node().op();
        PoolWindow window =
                PoolWindow.of(spec.inputs().shape(0), spec.outputs().get(0).shape(), pool.window(), pool.layout());
        return new PoolScalar(window, false, false, pool.countPadding());
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        int planes = Math.multiplyExact(window.batch(), window.channels());
        workers.forEach(planes, plane -> {
            for (int pixel = 0; pixel < window.outPixels(); pixel++) {
                if (largest) {
                    storeLargest(args, plane, pixel);
                } else {
                    args.out(0).setDouble(index(plane, pixel, window.outPixels()), mean(args.in(0), plane, pixel));
                }
            }
        });
    }

    private long index(int plane, long pixel, long pixels) {
        if (window.layout() == Layout.CHANNELS_FIRST) {
            return plane * pixels + pixel;
        }
        long image = plane / window.channels();
        return (image * pixels + pixel) * window.channels() + plane % window.channels();
    }

    private void storeLargest(KernelArgs args, int plane, int pixel) {
        Tensor x = args.in(0);
        double result = Double.NEGATIVE_INFINITY;
        long found = -1;
        for (int tap = 0; tap < window.taps(); tap++) {
            long at = window.inPixel(pixel, tap);
            if (at < 0) {
                continue;
            }
            double value = x.getDouble(index(plane, at, window.inPixels()));
            if (found < 0 || value > result) {
                result = value;
                found = at;
            }
        }
        long out = index(plane, pixel, window.outPixels());
        args.out(0).setDouble(out, result);
        if (args.wants(1)) {
            long place = columnMajor ? columnMajor(found) : found;
            args.out(1).setLong(out, index(plane, place, window.inPixels()));
        }
    }

    private long columnMajor(long pixel) {
        long width = window.in()[2];
        long height = window.in()[1];
        long x = pixel % width;
        long y = pixel / width % height;
        long z = pixel / width / height;
        return (x * height + y) * window.in()[0] + z;
    }

    private double mean(Tensor x, int plane, int pixel) {
        double sum = 0;
        int taps = 0;
        for (int tap = 0; tap < window.taps(); tap++) {
            long at = window.inPixel(pixel, tap);
            if (at >= 0) {
                sum += x.getDouble(index(plane, at, window.inPixels()));
                taps++;
            }
        }
        return sum / (countPadding ? window.paddedTaps(pixel) : taps);
    }
}
