package dev.octet.backend.cuda;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Layout;

/** Depthwise convolution of floats: {@code depthwise.cu}. */
final class DepthwiseCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_depthwise", DepthwiseCuda::isSupported, DepthwiseCuda::new);

    private static final int MAX_WIDTH = 4;

    private final KernelFunction function;
    private final FloatConv conv;
    private final int multiplier;
    private final int width;

    private DepthwiseCuda(CudaDevice device, KernelSpec spec) {
        conv = FloatConv.of(device, spec, FloatConv.Order.TAPS_CHANNELS);
        ConvGeometry g = conv.geometry();
        multiplier = g.groupOutChannels();
        boolean wide = g.layout() == Layout.CHANNELS_LAST && multiplier == 1 && g.channels() % MAX_WIDTH == 0;
        width = wide ? MAX_WIDTH : 1;
        function = device.function("octet_simt_depthwise_" + conv.type().label() + (wide ? "_4_nhwc" : ""));
    }

    private static boolean isSupported(KernelSpec spec) {
        return FloatConv.hasKnownWeights(spec) && FloatConv.geometry(spec).groupChannels() == 1;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (conv.isEmpty()) {
            return;
        }
        ConvGeometry g = conv.geometry();
        KernelParams params = conv.pointers(args)
                .structure(WindowParams.of(g))
                .structure(
                        g.batch(),
                        g.outChannels(),
                        multiplier,
                        g.layout() == Layout.CHANNELS_LAST ? 1 : 0,
                        Float.floatToRawIntBits(conv.min()),
                        Float.floatToRawIntBits(conv.max()));
        function.launch(stream, Grid.elements((long) g.batch() * g.pixels() * g.outChannels(), width), params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input != 1;
    }
}
