package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.PoolWindow;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/**
 * Transposed convolution of any float type, summed in double: a task takes one output channel of one image and scatters
 * every input position through the window. Summation order of every output: input channel, input position, tap.
 */
final class ConvTransposeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_conv_transpose", ConvTransposeKernel::new);

    private final PoolWindow window;
    private final int groupChannels;
    private final int groupOutChannels;
    private final int group;

    private ConvTransposeKernel(KernelSpec spec) {
        ConvTranspose op = (ConvTranspose) spec.node().op();
        Shape x = spec.inputs().shape(0);
        Shape weight = spec.inputs().shape(1);
        Shape output = spec.outputs().get(0).shape();
        // The adjoint's sizes: the window slides over the output, one step an input position.
        window = PoolWindow.of(output, x, op.resolve(x, weight), Layout.CHANNELS_FIRST);
        group = Math.toIntExact(op.group());
        groupChannels = Math.toIntExact(x.dim(1) / group);
        groupOutChannels = Math.toIntExact(weight.dim(1));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        int outChannels = group * groupOutChannels;
        workers.forEach(Math.multiplyExact(window.batch(), outChannels), plane -> {
            double[] sums = new double[Math.toIntExact(window.inPixels())];
            int channel = plane % outChannels;
            int first = channel / groupOutChannels * groupChannels;
            for (int c = first; c < first + groupChannels; c++) {
                long image = plane / outChannels;
                long x = (image * group * groupChannels + c) * window.outPixels();
                long weight = ((long) c * groupOutChannels + channel % groupOutChannels) * window.taps();
                scatter(args.in(0), x, args.in(1), weight, sums);
            }
            double bias = args.has(2) ? args.in(2).getDouble(channel) : 0;
            for (int i = 0; i < sums.length; i++) {
                args.out(0).setDouble((long) plane * sums.length + i, sums[i] + bias);
            }
        });
    }

    private void scatter(Tensor x, long xFrom, Tensor weight, long weightFrom, double[] sums) {
        int taps = window.taps();
        double[] factors = new double[taps];
        for (int tap = 0; tap < taps; tap++) {
            factors[tap] = weight.getDouble(weightFrom + tap);
        }
        for (int pixel = 0; pixel < window.outPixels(); pixel++) {
            double value = x.getDouble(xFrom + pixel);
            for (int tap = 0; tap < taps; tap++) {
                long at = window.inPixel(pixel, tap);
                if (at >= 0) {
                    sums[(int) at] += value * factors[tap];
                }
            }
        }
    }
}
