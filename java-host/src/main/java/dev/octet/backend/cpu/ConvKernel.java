package dev.octet.backend.cpu;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Float convolution, plain or fused, of f32, f16 or bf16, summed in fp32. */
final class ConvKernel implements Kernel {
    static final KernelFactory CONV = new KernelFactory("java_conv_float", ConvKernel::isFloat, spec -> {
        Conv conv = (Conv) spec.node().op();
        return new ConvKernel(
                spec,
                geometry(spec, conv.window(), conv.group(), Layout.CHANNELS_FIRST),
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY);
    });
    static final KernelFactory FUSED = new KernelFactory("java_fused_conv_float", ConvKernel::isFloat, spec -> {
        FusedConv conv = (FusedConv) spec.node().op();
        return new ConvKernel(spec, geometry(spec, conv.window(), conv.group(), conv.layout()), conv.min(), conv.max());
    });

    private static final Set<DType> TYPES = EnumSet.of(DType.F32, DType.F16, DType.BF16);
    private static final float[] NO_BIAS = {};

    private final ConvEngine engine;
    private final Known<float[][][]> weights;
    private final Known<float[]> bias;
    private final FloatReader reader;
    private final float min;
    private final float max;

    private ConvKernel(KernelSpec spec, ConvGeometry geometry, float min, float max) {
        engine = ConvEngine.of(geometry, false);
        weights = Known.of(spec, 1, weight -> engine.pack(ConvEngine.Weights.of(weight)));
        bias = Known.of(spec, 2, Tensor::toFloats);
        reader = FloatReader.of(spec.inputs().dtype(0));
        this.min = min;
        this.max = max;
    }

    private static boolean isFloat(KernelSpec spec) {
        return TYPES.contains(spec.inputs().dtype(0));
    }

    static ConvGeometry geometry(KernelSpec spec, SpatialWindow window, long group, Layout layout) {
        return ConvGeometry.of(spec.inputs().shape(0), spec.inputs().shape(1), window, group, layout);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        FloatSink sink = new FloatSink(
                FloatWriter.of(args.out(0)),
                args.has(2) ? bias.in(args) : NO_BIAS,
                args.has(3) ? Optional.of(new FloatSink.Residual(args.in(3), reader)) : Optional.empty(),
                min,
                max);
        engine.run(args.in(0).data(), reader, weights.in(args), sink, workers);
    }
}
