package dev.octet.backend.cpu;

import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** Mean or largest value of each channel, in double and in the order of the positions. */
final class GlobalPoolKernel implements Kernel {
    static final KernelFactory AVERAGE = KernelFactory.of(
            "java_global_average_pool",
            spec -> new GlobalPoolKernel(spec, ((GlobalAveragePool) spec.node().op()).layout(), false));
    static final KernelFactory MAX = KernelFactory.of(
            "java_global_max_pool",
            spec -> new GlobalPoolKernel(spec, ((GlobalMaxPool) spec.node().op()).layout(), true));

    private final int batch;
    private final int channels;
    private final long pixels;
    private final boolean channelsLast;
    private final boolean largest;

    private GlobalPoolKernel(KernelSpec spec, Layout layout, boolean largest) {
        Shape x = spec.inputs().shape(0);
        batch = Math.toIntExact(x.dim(0));
        channels = Math.toIntExact(x.dim(layout.channelAxis(x.rank())));
        int from = layout.spatialAxis();
        pixels = x.product(from, from + x.rank() - 2);
        channelsLast = layout == Layout.CHANNELS_LAST;
        this.largest = largest;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        workers.forEach(Math.multiplyExact(batch, channels), plane -> {
            long first = channelsLast ? plane / channels * pixels * channels + plane % channels : plane * pixels;
            long stride = channelsLast ? channels : 1;
            args.out(0).setDouble(plane, largest ? largest(x, first, stride) : mean(x, first, stride));
        });
    }

    private double mean(Tensor x, long first, long stride) {
        double sum = 0;
        for (long i = 0; i < pixels; i++) {
            sum += x.getDouble(first + i * stride);
        }
        return sum / pixels;
    }

    private double largest(Tensor x, long first, long stride) {
        double result = Double.NEGATIVE_INFINITY;
        for (long i = 0; i < pixels; i++) {
            double value = x.getDouble(first + i * stride);
            result = value > result ? value : result;
        }
        return result;
    }
}
