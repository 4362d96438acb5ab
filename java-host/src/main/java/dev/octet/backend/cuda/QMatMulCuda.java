package dev.octet.backend.cuda;

import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;

/** {@link QMatMul} with one constant signed right matrix of zero point 0, on tensor cores. */
final class QMatMulCuda implements CudaStep {
    static final Row ROW = new Row("octet_imma_qgemm", QMatMulCuda::supports, QMatMulCuda::new);

    private final ProductArguments arguments;
    private final ProductTiles tiles;

    private QMatMulCuda(CudaDevice device, KernelSpec spec) {
        QMatMul op = (QMatMul) spec.node().op();
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        int rows = Math.toIntExact(m.rows());
        int depth = Math.toIntExact(m.depth());
        int columns = Math.toIntExact(m.columns());
        WeightOrder order = WeightOrder.ofMatrix(depth, columns);
        PackedProduct packed = PackedProduct.once(device, spec, order, op.aZeroPoint(), op.epilogue());
        arguments = new ProductArguments(
                packed,
                new ProductOperands(spec.inputs().dtype(0), depth, 0, rows, columns, 1, depth),
                packed.epilogue(op.epilogue(), columns, columns));
        tiles = ProductTiles.ofMatrix(device, rows, columns, 1);
    }

    private static boolean supports(KernelSpec spec) {
        QMatMul op = (QMatMul) spec.node().op();
        return op.bZeroPoint() == 0
                && spec.inputs().shape(1).rank() <= 2
                && ProductEpilogue.isByte(spec.inputs().dtype(0))
                && PackedProduct.canPack(spec)
                && ProductEpilogue.canStore(spec, op.epilogue())
                && spec.inputs().shape(0).dim(-1) <= Quantizer.MAX_K_U8S8;
    }

    @Override
    public boolean readsConstant(int input) {
        return ProductArguments.readsConstant(input);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        tiles.launch(stream, arguments.areAligned(args), arguments.of(args));
    }
}
