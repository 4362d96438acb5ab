package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.QConv;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;

/** Integer convolution with its epilogue, see {@link QConv}. */
final class QConvKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_qconv_s8", QConvKernel::new);

    private final QConv op;
    private final ConvEngine engine;
    private final FloatReader reader;
    private final Known<float[][][]> weights;

    private QConvKernel(KernelSpec spec) {
        op = (QConv) spec.node().op();
        ConvGeometry geometry = ConvKernel.geometry(spec, op.window(), op.group(), op.layout());
        IntegerDepth.require(geometry.depth(), DType.S8, false);
        engine = ConvEngine.of(geometry, true);
        reader = FloatReader.of(spec.inputs().dtype(0), op.xZeroPoint());
        weights = Known.of(spec, 1, weight -> engine.pack(ConvEngine.Weights.of(weight)));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        engine.run(args.in(0).data(), reader, weights.in(args), Epilogues.sink(op.epilogue(), args), workers);
    }
}
