package dev.octet.backend.cuda;

import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import java.lang.foreign.MemorySegment;

/** {@link QMatMul} of two matrices that may both be known only at run time, batched, on tensor cores. */
final class QMatMulPairCuda implements CudaStep {
    static final Row ROW = new Row("octet_imma_qmatmul", QMatMulPairCuda::supports, QMatMulPairCuda::new);

    /** What makes an unsigned byte a signed one. */
    private static final int FLIP = 0x80;

    private final QMatMul op;
    private final boolean bUnsigned;
    private final ProductOperands operands;
    private final MemorySegment noBias;
    private final MemorySegment multipliers;
    private final MemorySegment aMatrices;
    private final MemorySegment bMatrices;
    private final ProductTiles tiles;

    private QMatMulPairCuda(CudaDevice device, KernelSpec spec) {
        op = (QMatMul) spec.node().op();
        bUnsigned = spec.inputs().dtype(1) == DType.U8;
        MatrixBatches m = batches(spec);
        int rows = Math.toIntExact(m.rows());
        int depth = Math.toIntExact(m.depth());
        int columns = Math.toIntExact(m.columns());
        operands = new ProductOperands(spec.inputs().dtype(0), depth, 0, rows, columns, 1, depth);
        noBias = device.upload(MemorySegment.ofArray(new int[columns]), spec.arena());
        multipliers = PackedProduct.multipliers(device, op.epilogue(), columns, spec.arena());
        aMatrices = device.upload(MemorySegment.ofArray(m.a()), spec.arena());
        bMatrices = device.upload(MemorySegment.ofArray(m.b()), spec.arena());
        String name = "octet_" + ProductTiles.instruction(device) + "_qmatmul_i8i8";
        tiles = new ProductTiles(device, name, "", false, rows, columns, m.count());
    }

    private static MatrixBatches batches(KernelSpec spec) {
        return MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
    }

    private static boolean supports(KernelSpec spec) {
        QMatMul op = (QMatMul) spec.node().op();
        DType b = spec.inputs().dtype(1);
        int most = b == DType.S8 && op.bZeroPoint() == 0 ? Quantizer.MAX_K_U8S8 : Quantizer.MAX_K_U8U8;
        return ProductEpilogue.isByte(spec.inputs().dtype(0))
                && ProductEpilogue.isByte(b)
                && ProductEpilogue.canStore(spec, op.epilogue())
                && spec.inputs().shape(0).dim(-1) <= most
                && ProductTiles.canLaunch(batches(spec).count());
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        MemorySegment a = args.in(0).data();
        MemorySegment b = args.in(1).data();
        int columns = operands.columns();
        ProductEpilogue end = new ProductEpilogue(
                op.epilogue(), args.has(2) ? args.in(2).data() : noBias, multipliers, columns, columns);
        KernelParams right = new KernelParams()
                .pointer(b)
                .pointer(aMatrices)
                .pointer(bMatrices)
                .s32(op.aZeroPoint())
                .s32(bUnsigned ? op.bZeroPoint() - FLIP : op.bZeroPoint())
                .s32(bUnsigned ? FLIP : 0)
                .s32(ProductEpilogue.access(b.address(), columns) >= Integer.BYTES ? Integer.BYTES : 1);
        KernelParams params = new KernelParams()
                .structure(operands.unpacked(a))
                .structure(end.of(args))
                .structure(right);
        tiles.launchSmall(stream, params);
    }
}
