package dev.octet.backend.cuda;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Layout;

/**
 * {@link QConv} in channels-last layout with constant weights, on tensor cores: as a matrix product where each output
 * pixel depends on one input pixel alone, else as an implicit one.
 */
final class QConvCuda implements CudaStep {
    static final Row POINTWISE =
            new Row("octet_imma_qgemm", spec -> supports(spec) && geometry(spec).isPointwise(), QConvCuda::new);
    static final Row ROW = new Row("octet_imma_qconv", QConvCuda::supports, QConvCuda::new);

    private static final int AXES = ConvGeometry.AXES + 2;

    private final ConvGeometry geometry;
    private final ProductArguments arguments;
    private final ProductTiles tiles;

    private QConvCuda(CudaDevice device, KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        ConvGeometry g = geometry(spec);
        geometry = g;
        PackedProduct packed = PackedProduct.once(device, spec, WeightOrder.ofConv(g), op.xZeroPoint(), op.epilogue());
        int rows = Math.multiplyExact(g.batch(), g.pixels());
        int columns = g.groupOutChannels();
        ProductOperands operands = new ProductOperands(
                spec.inputs().dtype(0), g.channels(), g.groupChannels(), rows, columns, g.taps(), g.groupChannels());
        arguments = new ProductArguments(packed, operands, packed.epilogue(op.epilogue(), g.outChannels(), columns));
        tiles = g.isPointwise()
                ? ProductTiles.ofMatrix(device, rows, columns, g.group())
                : ProductTiles.ofWindow(device, rows, columns, g.group());
    }

    static boolean supports(KernelSpec spec) {
        return isSupported(spec) && ProductTiles.canLaunch(((QConv) spec.node().op()).group());
    }

    /** Whether device kernels can compute the node at all, depthwise or not. */
    static boolean isSupported(KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        Epilogue epilogue = op.epilogue();
        return op.layout() == Layout.CHANNELS_LAST
                && spec.inputs().shape(0).rank() <= AXES
                && ProductEpilogue.isByte(spec.inputs().dtype(0))
                && PackedProduct.canPack(spec)
                && ProductEpilogue.canStore(spec, epilogue)
                && spec.inputs().shape(1).product(1, spec.inputs().shape(1).rank()) <= Quantizer.MAX_K_U8S8;
    }

    static ConvGeometry geometry(KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        return ConvGeometry.of(
                spec.inputs().shape(0), spec.inputs().shape(1), op.window(), op.group(), Layout.CHANNELS_LAST);
    }

    @Override
    public boolean readsConstant(int input) {
        return ProductArguments.readsConstant(input);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        KernelParams params = arguments.of(args);
        if (!geometry.isPointwise()) {
            params.structure(WindowParams.of(geometry));
        }
        tiles.launch(stream, arguments.areAligned(args), params);
    }
}
