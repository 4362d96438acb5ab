package dev.octet.backend.cuda;

import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import java.lang.foreign.MemorySegment;

/** {@link QMatMul} with one constant signed right matrix of zero point 0, on tensor cores. */
final class QMatMulCuda implements CudaStep {
    static final Row ROW = new Row("octet_imma_qgemm", QMatMulCuda::supports, QMatMulCuda::new);

    private final PackedProduct packed;
    private final ProductOperands operands;
    private final ProductEpilogue epilogue;
    private final ProductTiles tiles;

    private QMatMulCuda(CudaDevice device, KernelSpec spec) {
        QMatMul op = (QMatMul) spec.node().op();
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        int rows = Math.toIntExact(m.rows());
        int depth = Math.toIntExact(m.depth());
        int columns = Math.toIntExact(m.columns());
        packed = PackedProduct.once(device, spec, WeightOrder.ofMatrix(depth, columns), op.aZeroPoint(), op.epilogue());
        operands = new ProductOperands(spec.inputs().dtype(0), depth, 0, rows, columns, 1, depth);
        epilogue = new ProductEpilogue(op.epilogue(), packed.bias(), packed.multipliers(), columns, columns);
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
        return input != 1 && input != 2;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        MemorySegment x = args.in(0).data();
        KernelParams params =
                new KernelParams().structure(operands.of(x, packed)).structure(epilogue.of(args));
        tiles.launch(stream, operands.access(x) == 16, params);
    }
}
