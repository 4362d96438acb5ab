package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.ConvInteger;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QLinearConv;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The integer convolutions of ONNX, whose zero points and scales are inputs: ConvInteger and QLinearConv. */
final class IntegerConvKernel implements Kernel {
    static final KernelFactory CONV_INTEGER = KernelFactory.of("java_conv_integer", spec -> {
        ConvInteger op = (ConvInteger) spec.node().op();
        ConvGeometry geometry = ConvKernel.geometry(spec, op.window(), op.group(), Layout.CHANNELS_FIRST);
        return new IntegerConvKernel(
                spec,
                geometry,
                new Inputs(1, 2, 3),
                (args, _) -> new IntSink(args.out(0).data()));
    });
    static final KernelFactory QLINEAR = KernelFactory.of("java_qlinear_conv", spec -> {
        QLinearConv op = (QLinearConv) spec.node().op();
        ConvGeometry geometry = ConvGeometry.of(
                spec.inputs().shape(0), spec.inputs().shape(3), op.window(), op.group(), Layout.CHANNELS_FIRST);
        return new IntegerConvKernel(spec, geometry, new Inputs(3, 2, 5), IntegerConvKernel::requantize);
    });

    private static final int[] NO_BIAS = {};
    private static final int[] ZERO = {0};

    /** Which inputs hold the weight, x's zero point and the weight's. */
    private record Inputs(int weight, int xZero, int weightZero) {}

    /** Makes the sink of a run for so many output channels. */
    private interface SinkSource {
        RowSink make(KernelArgs args, int outChannels);
    }

    private final ConvEngine engine;
    private final int outChannels;
    private final Inputs inputs;
    private final SinkSource sinks;
    private final Optional<float[][][]> constant;

    private IntegerConvKernel(KernelSpec spec, ConvGeometry geometry, Inputs inputs, SinkSource sinks) {
        this.inputs = inputs;
        this.sinks = sinks;
        outChannels = geometry.outChannels();
        boolean hasZero = spec.inputs().has(inputs.weightZero());
        Optional<Tensor> zero = Known.value(spec, inputs.weightZero());
        IntegerDepth.require(spec, geometry.depth(), spec.inputs().dtype(inputs.weight()), inputs.weightZero());
        engine = ConvEngine.of(geometry, true);
        Optional<Tensor> weight = Known.value(spec, inputs.weight());
        constant = weight.isPresent() && (zero.isPresent() || !hasZero)
                ? Optional.of(pack(weight.get(), zero))
                : Optional.empty();
    }

    private float[][][] pack(Tensor weight, Optional<Tensor> zeroPoints) {
        return engine.pack(
                new ConvEngine.Weights(weight, zeroPoints.map(Epilogues::ints).orElse(ZERO)));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        int xZero = args.has(inputs.xZero()) ? (int) args.in(inputs.xZero()).getLong(0) : 0;
        FloatReader reader = FloatReader.of(args.in(0).dtype(), xZero);
        float[][][] packed = constant.orElseGet(() -> pack(
                args.in(inputs.weight()),
                args.has(inputs.weightZero()) ? Optional.of(args.in(inputs.weightZero())) : Optional.empty()));
        engine.run(args.in(0).data(), reader, packed, sinks.make(args, outChannels), workers);
    }

    private static RowSink requantize(KernelArgs args, int outChannels) {
        float xScale = args.in(1).getFloat(0);
        float yScale = args.in(6).getFloat(0);
        float[] multipliers = args.in(4).toFloats();
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] = Quantizer.multiplier(xScale, multipliers[i], yScale);
        }
        DType type = args.out(0).dtype();
        Epilogue.ToInt8 epilogue = new Epilogue.ToInt8(
                type,
                multipliers,
                (int) args.in(7).getLong(0),
                (int) type.minInteger(),
                (int) type.maxInteger(),
                Optional.empty());
        int[] bias = args.has(8) && outChannels > 0 ? Epilogues.ints(args.in(8)) : NO_BIAS;
        return new RequantizeSink(args.out(0).data(), epilogue, bias, MemorySegment.NULL);
    }
}
