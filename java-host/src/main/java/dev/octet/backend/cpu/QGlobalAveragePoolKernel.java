package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Mean of each channel of an 8-bit tensor, see {@link QGlobalAveragePool}; summed in int32. */
final class QGlobalAveragePoolKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_qglobal_average_pool", QGlobalAveragePoolKernel::new);

    private static final int BLOCK = 64;

    private final QGlobalAveragePool op;
    private final int batch;
    private final int channels;
    private final int pixels;
    private final boolean signed;

    private QGlobalAveragePoolKernel(KernelSpec spec) {
        op = (QGlobalAveragePool) spec.node().op();
        Shape x = spec.inputs().shape(0);
        batch = Math.toIntExact(x.dim(0));
        channels = Math.toIntExact(x.dim(op.layout().channelAxis(x.rank())));
        int from = op.layout().spatialAxis();
        long positions = x.product(from, from + x.rank() - 2);
        if (positions > QGlobalAveragePool.MAX_PIXELS) {
            throw ModelException.limit("sums of " + positions + " 8-bit values could overflow int32, at most "
                    + QGlobalAveragePool.MAX_PIXELS + " are supported");
        }
        pixels = (int) positions;
        signed = spec.inputs().dtype(0) == DType.S8;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        int blocks = Math.ceilDiv(channels, BLOCK);
        float multiplier = op.multiplier(pixels);
        int qmin = (int) op.dtype().minInteger();
        int qmax = (int) op.dtype().maxInteger();
        workers.forEach(Math.multiplyExact(batch, blocks), task -> {
            int first = task % blocks * BLOCK;
            int[] sums = new int[Math.min(BLOCK, channels - first)];
            add(args.in(0).data(), task / blocks, first, sums);
            for (int j = 0; j < sums.length; j++) {
                int q = Quantizer.requantize(sums[j], multiplier, op.zeroPoint(), qmin, qmax);
                long index = (long) (task / blocks) * channels + first + j;
                args.out(0).data().set(Tensor.S8_LAYOUT, index, (byte) q);
            }
        });
    }

    private void add(MemorySegment x, int image, int first, int[] sums) {
        boolean last = op.layout() == Layout.CHANNELS_LAST;
        for (int j = 0; j < sums.length; j++) {
            long plane = (long) image * channels * pixels;
            long at = last ? plane + first + j : plane + (long) (first + j) * pixels;
            long stride = last ? channels : 1;
            int sum = 0;
            for (int i = 0; i < pixels; i++) {
                byte bits = x.get(Tensor.S8_LAYOUT, at + i * stride);
                sum += (signed ? bits : bits & 0xFF) - op.xZeroPoint();
            }
            sums[j] = sum;
        }
    }
}
