package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.QMatMul;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * {@link QMatMul} with a signed right operand of zero point 0. A constant right matrix is packed beforehand; others are
 * packed in each run, each product a task.
 */
final class NativeQMatMul implements Kernel {
    private final NativeLibrary library;
    private final MatrixBatches batches;
    private final IntegerProduct product;
    private final Optional<MemorySegment> unpackedWeights;
    private final int outBytes;

    private NativeQMatMul(
            NativeLibrary library,
            MatrixBatches batches,
            IntegerProduct product,
            Optional<MemorySegment> unpackedWeights,
            DType outType) {
        this.library = library;
        this.batches = batches;
        this.product = product;
        this.unpackedWeights = unpackedWeights;
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

    static NativeQMatMul prepare(NativeLibrary library, KernelSpec spec) {
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
        boolean constant = spec.inputs().shape(1).rank() <= 2
                && Known.value(spec, 1).isPresent()
                && (!spec.inputs().has(2) || Known.value(spec, 2).isPresent());
        if (!constant) {
            NativeWeights layout = NativeWeights.ofMatrix(MemorySegment.NULL, m.depth(), m.columns());
            IntegerProduct product = IntegerProduct.unpacked(form, m.columns(), spec.arena());
            return new NativeQMatMul(library, m, product, Optional.of(layout.struct(spec.arena())), outType);
        }
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
        return new NativeQMatMul(library, m, product, Optional.empty(), outType);
    }

    @Override
    public boolean readsConstant(int input) {
        return unpackedWeights.isPresent() || NativePacking.reads(input);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        if (args.out(0).elementCount() == 0) {
            return;
        }
        if (unpackedWeights.isPresent()) {
            workers.forEach(batches.count(), task -> runUnpacked(args, unpackedWeights.get(), task));
            return;
        }
        NativeLibrary.Operands operands = operands(args, 0);
        ProductTasks.forEach(
                workers,
                batches.rows(),
                batches.columns(),
                batches.depth(),
                (first, count, panels) -> library.qgemm().run(product.struct(), operands, first, count, panels));
    }

    private void runUnpacked(KernelArgs args, MemorySegment layout, int task) {
        long bSize = batches.depth() * batches.columns();
        MemorySegment b = args.in(1).data().asSlice(batches.b()[task] * bSize, bSize);
        MemorySegment bias = args.has(2) ? args.in(2).data() : MemorySegment.NULL;
        library.qgemmUnpacked(
                product.struct(), new NativeLibrary.Unpacked(layout, b, bias), operands(args, task), batches.rows());
    }

    private NativeLibrary.Operands operands(KernelArgs args, int task) {
        long outSize = batches.rows() * batches.columns();
        return new NativeLibrary.Operands(
                args.in(0).data().asSlice(batches.a()[task] * batches.rows() * batches.depth()),
                args.has(3) ? args.in(3).data().asSlice(task * outSize) : MemorySegment.NULL,
                args.out(0).data().asSlice(task * outSize * outBytes));
    }
}
