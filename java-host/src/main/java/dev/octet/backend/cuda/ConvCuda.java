package dev.octet.backend.cuda;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.FusedConv;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;

/** {@link Conv} and {@link FusedConv} of floats: {@code conv_f32.cu}, {@code conv_f16.cu}. */
final class ConvCuda implements CudaStep {
    static final Row F32 = new Row("octet_simt_conv_f32", spec -> is(spec, DType.F32), ConvCuda::new);
    static final Row F16 = new Row("octet_hmma_conv_f16", spec -> is(spec, DType.F16), ConvCuda::new);

    private static final int TILE = 64;

    private final KernelFunction function;
    private final FloatConv conv;
    private final Grid grid;

    private ConvCuda(CudaDevice device, KernelSpec spec) {
        FloatUnit unit = FloatUnit.of(device, spec.inputs().dtype(0));
        FloatConv.Order order =
                unit.type() == DType.F32 ? FloatConv.Order.DEPTH_COLUMNS : FloatConv.Order.COLUMNS_DEPTH;
        conv = FloatConv.of(device, spec, order);
        boolean last = conv.geometry().layout() == Layout.CHANNELS_LAST;
        function = device.function(unit.kernel("conv", TILE) + (last ? "_nhwc" : "_nchw"));
        grid = conv.isEmpty() ? new Grid(1, 1, 1, unit.threads(), 0) : conv.grid(TILE, TILE, unit.threads());
    }

    private static boolean is(KernelSpec spec, DType type) {
        return spec.inputs().dtype(0) == type && FloatConv.hasKnownWeights(spec);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (!conv.isEmpty()) {
            function.launch(stream, grid, conv.params(args));
        }
    }

    @Override
    public boolean readsConstant(int input) {
        return input != 1;
    }
}
