package dev.octet.backend.cpu;

import dev.octet.graph.op.FusedMatMul;
import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Float MatMul, {@link FusedMatMul}, and Gemm of the form {@code A * B + bias row} or {@code A * transposed B + bias row}. A constant right
 * matrix is packed beforehand; see {@link NativePairProduct} for others.
 */
final class NativeMatMul implements PackedKernel {
    private final NativeLibrary library;
    private final MatrixBatches batches;
    private final FloatProduct product;

    private NativeMatMul(NativeLibrary library, MatrixBatches batches, FloatProduct product) {
        this.library = library;
        this.batches = batches;
        this.product = product;
    }

    static boolean supportsMatMul(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32 && spec.inputs().dtype(1) == DType.F32;
    }

    static boolean supportsGemm(KernelSpec spec) {
        Gemm op = (Gemm) spec.node().op();
        return spec.inputs().dtype(0) == DType.F32
                && !op.transA()
                && op.alpha() == 1
                && Known.value(spec, 1).isPresent()
                && (!spec.inputs().has(2) || (op.beta() == 1 && isRow(spec)));
    }

    private static boolean isRow(KernelSpec spec) {
        Shape c = spec.inputs().shape(2);
        long columns = spec.outputs().get(0).shape().dim(1);
        return Known.value(spec, 2).isPresent()
                && c.elementCount() == columns
                && (c.rank() == 1 || (c.rank() == 2 && c.dim(0) == 1));
    }

    static Kernel prepareMatMul(NativeLibrary library, KernelSpec spec) {
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        FloatProduct.Form form = FloatProduct.Form.ofMatrix(m, Optional.empty());
        Optional<Tensor> constant = Known.value(spec, 1).filter(b -> b.shape().rank() <= 2);
        if (constant.isEmpty()) {
            return NativePairProduct.prepare(library, spec);
        }
        return packed(library, spec, m, form, false);
    }

    static boolean supportsFused(KernelSpec spec) {
        return Known.value(spec, 1).isPresent()
                && (!spec.inputs().has(2) || Known.value(spec, 2).isPresent());
    }

    static NativeMatMul prepareFused(NativeLibrary library, KernelSpec spec) {
        FusedMatMul op = (FusedMatMul) spec.node().op();
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        FloatProduct.Form form = new FloatProduct.Form(
                NativeWindow.matrix(m.rows(), m.depth()),
                m.columns(),
                Known.value(spec, 2),
                0,
                spec.inputs().has(3),
                op.min(),
                op.max());
        return packed(library, spec, m, form, false);
    }

    static NativeMatMul prepareGemm(NativeLibrary library, KernelSpec spec) {
        Shape b = spec.inputs().shape(1);
        boolean transposed = ((Gemm) spec.node().op()).transB();
        MatrixBatches m = MatrixBatches.of(spec.inputs().shape(0), transposed ? Shape.of(b.dim(1), b.dim(0)) : b);
        return packed(library, spec, m, FloatProduct.Form.ofMatrix(m, Known.value(spec, 2)), transposed);
    }

    private static NativeMatMul packed(
            NativeLibrary library, KernelSpec spec, MatrixBatches m, FloatProduct.Form form, boolean transposed) {
        MemorySegment weights = NativePacking.once(spec, library.fgemm(), MemorySegment.class, arena -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment b = NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
                return FloatProduct.pack(
                        library.fgemm(),
                        transposed
                                ? NativeWeights.ofTransposed(b, m.depth(), m.columns())
                                : NativeWeights.ofMatrix(b, m.depth(), m.columns()),
                        arena);
            }
        });
        FloatProduct product = FloatProduct.of(form, m.columns(), weights, spec.arena());
        return new NativeMatMul(library, m, product);
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        if (args.out(0).elementCount() == 0) {
            return _ -> {};
        }
        NativeLibrary.Operands operands = new NativeLibrary.Operands(
                args.in(0).data(),
                args.has(3) ? args.in(3).data() : MemorySegment.NULL,
                args.out(0).data());
        return ProductTasks.tilesInPlace(
                batches.rows(),
                batches.columns(),
                batches.depth(),
                part -> library.fgemm().run(product.struct(), operands, part));
    }
}
