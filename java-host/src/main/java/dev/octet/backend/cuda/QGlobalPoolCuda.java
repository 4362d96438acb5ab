package dev.octet.backend.cuda;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;

/** {@link QGlobalAveragePool}: {@code qglobalpool.cu}. */
final class QGlobalPoolCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_qglobalpool", _ -> true, QGlobalPoolCuda::new);

    private final QGlobalAveragePool op;
    private final KernelFunction function;
    private final long batch;
    private final int channels;
    private final int pixels;

    private QGlobalPoolCuda(CudaDevice device, KernelSpec spec) {
        op = (QGlobalAveragePool) spec.node().op();
        Shape x = spec.inputs().shape(0);
        batch = x.dim(0);
        channels = Math.toIntExact(x.dim(op.layout().channelAxis(x.rank())));
        int from = op.layout().spatialAxis();
        long positions = x.product(from, from + x.rank() - 2);
        if (positions > QGlobalAveragePool.MAX_PIXELS) {
            throw ModelException.limit("sums of " + positions + " 8-bit values could overflow int32, at most "
                    + QGlobalAveragePool.MAX_PIXELS + " are supported");
        }
        pixels = (int) positions;
        String type = spec.inputs().dtype(0).label();
        function = device.function("octet_simt_qglobalpool_" + type + (isChannelsLast() ? "_nhwc" : "_nchw"));
    }

    private boolean isChannelsLast() {
        return op.layout() == Layout.CHANNELS_LAST;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (batch * channels == 0) {
            return;
        }
        RowTeam team = isChannelsLast() ? RowTeam.THREAD : RowTeam.WARP;
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.out(0))
                .s64(batch)
                .s32(channels)
                .s32(pixels)
                .s64(isChannelsLast() ? 1 : pixels)
                .s64(isChannelsLast() ? channels : 1)
                .s32(op.xZeroPoint())
                .f32(op.multiplier(pixels))
                .s32(op.zeroPoint())
                .s32((int) op.dtype().minInteger())
                .s32((int) op.dtype().maxInteger());
        function.launch(stream, team.grid(batch * channels), params);
    }
}
