package dev.octet.backend.cuda;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.FusedConv;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;

/** {@link Conv} and {@link FusedConv} of f32: {@code conv_f32.cu}. */
final class ConvCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_conv_f32", ConvCuda::isSupported, ConvCuda::new);

    private static final int TILE = 64;
    private static final int THREADS = 256;

    private final KernelFunction function;
    private final FloatConv conv;
    private final Grid grid;

    private ConvCuda(CudaDevice device, KernelSpec spec) {
        conv = FloatConv.of(device, spec, FloatConv.Order.DEPTH_COLUMNS);
        ConvGeometry g = conv.geometry();
        boolean last = g.layout() == Layout.CHANNELS_LAST;
        function = device.function("octet_simt_conv_f32_64x64" + (last ? "_nhwc" : "_nchw"));
        grid = conv.isEmpty() ? new Grid(1, 1, 1, THREADS, 0) : conv.grid(TILE, TILE, THREADS);
    }

    private static boolean isSupported(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32 && FloatConv.hasKnownWeights(spec);
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
