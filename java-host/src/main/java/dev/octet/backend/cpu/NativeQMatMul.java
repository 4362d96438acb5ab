package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.QMatMul;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@link QMatMul} with a signed right operand of zero point 0 that is constant and packed beforehand; see
 * {@link NativePairProduct} for others.
 */
final class NativeQMatMul implements PackedKernel {
    private final NativeLibrary library;
    private final MatrixBatches batches;
    private final IntegerProduct product;
    private final int outBytes;

    private NativeQMatMul(NativeLibrary library, MatrixBatches batches, IntegerProduct product, DType outType) {
        this.library = library;
        this.batches = batches;
        this.product = product;
        this.outBytes = outType.bits() / 8;
    }

    static boolean supports(KernelSpec spec) {
        QMatMul op = (QMatMul) spec.node().op();
        boolean residual =
                op.epilogue() instanceof Epilogue.ToInt8 e && e.residual().isPresent();
        return op.bZeroPoint() == 0
                && IntegerProduct.isByte(spec.inputs().dtype(0))
                && spec.inputs().dtype(1) == DType.S8
                && residual == spec.inputs().has(3)
                && IntegerProduct.canStore(op.epilogue());
    }

    private static boolean isConstant(KernelSpec spec) {
        return spec.inputs().shape(1).rank() <= 2
                && Known.value(spec, 1).isPresent()
                && (!spec.inputs().has(2) || Known.value(spec, 2).isPresent());
    }

    static Kernel prepare(NativeLibrary library, KernelSpec spec) {
        if (!isConstant(spec)) {
            return NativePairProduct.prepare(library, spec);
        }
        QMatMul op = (QMatMul) spec.node().op();
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        IntegerProduct.Form form = new IntegerProduct.Form(
                NativeWindow.matrix(m.rows(), m.depth()),
                m.columns(),
                spec.inputs().dtype(0),
                op.aZeroPoint(),
                op.epilogue(),
                0);
        IntegerDepth.require(m.depth(), DType.S8, false);
        DType outType = op.epilogue().dtype();
        NativeLibrary.Packed packed = NativePacking.once(spec, library.qgemm(), NativeLibrary.Packed.class, arena -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment b = NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
                return IntegerProduct.pack(
                        library.qgemm(),
                        form,
                        NativeWeights.ofMatrix(b, m.depth(), m.columns()),
                        NativeQConv.bias(spec, scratch),
                        arena);
            }
        });
        IntegerProduct product = IntegerProduct.of(form, m.columns(), packed, spec.arena());
        return new NativeQMatMul(library, m, product, outType);
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        if (args.out(0).elementCount() == 0) {
            return _ -> {};
        }
        NativeLibrary.Operands operands = operands(args, 0);
        return ProductTasks.tiles(
                batches.rows(),
                batches.columns(),
                batches.depth(),
                part -> library.qgemm().run(product.struct(), operands, part));
    }

    private NativeLibrary.Operands operands(KernelArgs args, int task) {
        long outSize = batches.rows() * batches.columns();
        return new NativeLibrary.Operands(
                args.in(0).data().asSlice(batches.a()[task] * batches.rows() * batches.depth()),
                args.has(3) ? args.in(3).data().asSlice(task * outSize) : MemorySegment.NULL,
                args.out(0).data().asSlice(task * outSize * outBytes));
    }
}
