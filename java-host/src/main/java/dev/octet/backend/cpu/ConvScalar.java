package dev.octet.backend.cpu;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvGeometry;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;

/** Convolution of f64, summed in double in the order channel, tap. */
final class ConvScalar implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_conv_scalar", ConvScalar::new);

    private final ConvGeometry geometry;

    private ConvScalar(KernelSpec spec) {
        Conv conv = (Conv) spec.node().op();
        geometry = ConvKernel.geometry(spec, conv.window(), conv.group(), Layout.CHANNELS_FIRST);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        int pixels = geometry.pixels();
        workers.forEach(Math.multiplyExact(geometry.batch(), geometry.outChannels()), plane -> {
            double bias = args.has(2) ? args.in(2).getDouble(plane % geometry.outChannels()) : 0;
            for (int pixel = 0; pixel < pixels; pixel++) {
                args.out(0).setDouble((long) plane * pixels + pixel, sum(args, plane, pixel) + bias);
            }
        });
    }

    private double sum(KernelArgs args, int plane, int pixel) {
        int channel = plane % geometry.outChannels();
        long image = plane / geometry.outChannels();
        int first = channel / geometry.groupOutChannels() * geometry.groupChannels();
        double sum = 0;
        for (int c = 0; c < geometry.groupChannels(); c++) {
            long x = (image * geometry.channels() + first + c) * geometry.inPixels();
            long weight = ((long) channel * geometry.groupChannels() + c) * geometry.taps();
            sum += sumTaps(args.in(0), x, args.in(1), weight, pixel);
        }
        return sum;
    }

    private double sumTaps(Tensor x, long xFrom, Tensor weight, long weightFrom, int pixel) {
        int[] in = geometry.in();
        int[] out = geometry.out();
        int[] kernel = geometry.kernel();
        double sum = 0;
        for (int tap = 0; tap < geometry.taps(); tap++) {
            int column = geometry.position(2, pixel % out[2], tap % kernel[2]);
            int row = geometry.position(1, pixel / out[2] % out[1], tap / kernel[2] % kernel[1]);
            int depth = geometry.position(0, pixel / out[2] / out[1], tap / kernel[2] / kernel[1]);
            boolean inside = column >= 0 && column < in[2] && row >= 0 && row < in[1] && depth >= 0 && depth < in[0];
            if (inside) {
                long at = ((long) depth * in[1] + row) * in[2] + column;
                sum += x.getDouble(xFrom + at) * weight.getDouble(weightFrom + tap);
            }
        }
        return sum;
    }
}
