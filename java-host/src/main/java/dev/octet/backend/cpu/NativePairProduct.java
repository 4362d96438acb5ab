package dev.octet.backend.cpu;

import dev.octet.graph.Op;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.QMatMul;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * {@link MatMul}, {@link QMatMul} with a signed right operand of zero point 0, or {@link PermutedMatMul} of either, whose
 * right operand is not constant: each task packs a right matrix and multiplies some rows with it.
 */
final class NativePairProduct implements Kernel {
    /** Fewer rows than this are not worth packing a matrix for. */
    private static final long MIN_ROWS = 48;

    private static final int TASKS_PER_THREAD = 2;

    private final NativeLibrary library;
    private final MatrixViews views;
    private final boolean integer;
    private final MemorySegment product;
    private final MemorySegment weights;
    private final int inBytes;
    private final int outBytes;

    private NativePairProduct(NativeLibrary library, KernelSpec spec, MatrixViews views, Op op) {
        this.library = library;
        this.views = views;
        NativeWindow window =
                NativeWindow.rows(views.rows(), views.depth(), views.a().rowStride());
        long rowStride = Math.max(views.y().rowStride(), views.columns());
        if (op instanceof QMatMul q) {
            IntegerDepth.require(views.depth(), DType.S8, false);
            IntegerProduct.Form form =
                    new IntegerProduct.Form(window, rowStride, spec.inputs().dtype(0), q.aZeroPoint(), q.epilogue(), 0);
            product =
                    IntegerProduct.unpacked(form, views.columns(), spec.arena()).struct();
        } else {
            float infinity = Float.POSITIVE_INFINITY;
            FloatProduct.Form form =
                    new FloatProduct.Form(window, rowStride, Optional.empty(), 0, false, -infinity, infinity);
            product = FloatProduct.unpacked(form, views.columns(), spec.arena()).struct();
        }
        integer = op instanceof QMatMul;
        weights = NativeWeights.ofStrides(
                        MemorySegment.NULL,
                        views.depth(),
                        views.columns(),
                        views.b().rowStride(),
                        views.b().columnStride())
                .struct(spec.arena());
        inBytes = integer ? 1 : Float.BYTES;
        outBytes = spec.outputs().get(0).dtype().bits() / 8;
    }

    static NativePairProduct prepare(NativeLibrary library, KernelSpec spec) {
        MatrixBatches batches =
                MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        return new NativePairProduct(
                library, spec, MatrixViews.of(batches), spec.node().op());
    }

    static NativePairProduct preparePermuted(NativeLibrary library, KernelSpec spec) {
        PermutedMatMul op = (PermutedMatMul) spec.node().op();
        MatrixViews views =
                MatrixViews.of(op, spec.inputs().shape(0), spec.inputs().shape(1));
        return new NativePairProduct(library, spec, views, op.product());
    }

    static boolean supportsPermuted(KernelSpec spec) {
        return !(((PermutedMatMul) spec.node().op()).product() instanceof QMatMul product)
                || IntegerProduct.canStore(product.epilogue());
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        if (args.out(0).elementCount() == 0) {
            return;
        }
        long wanted = Math.ceilDiv(workers.count() == 1 ? 1 : workers.count() * TASKS_PER_THREAD, views.count());
        long taskRows = Math.max(MIN_ROWS, Math.ceilDiv(views.rows(), wanted));
        int tasks = Math.toIntExact(Math.ceilDiv(views.rows(), taskRows));
        workers.forEach(views.count() * tasks, task -> {
            long first = task % tasks * taskRows;
            multiply(args, task / tasks, first, Math.min(taskRows, views.rows() - first));
        });
    }

    private void multiply(KernelArgs args, int index, long first, long rows) {
        long aAt = views.a().starts()[index] + first * views.a().rowStride();
        long yAt = views.y().starts()[index] + first * views.y().rowStride();
        NativeLibrary.Operands operands = new NativeLibrary.Operands(
                args.in(0).data().asSlice(aAt * inBytes),
                args.has(3) ? args.in(3).data().asSlice(yAt) : MemorySegment.NULL,
                args.out(0).data().asSlice(yAt * outBytes));
        NativeLibrary.Unpacked right = new NativeLibrary.Unpacked(
                weights,
                args.in(1).data().asSlice(views.b().starts()[index] * inBytes),
                args.has(2) ? args.in(2).data() : MemorySegment.NULL);
        if (integer) {
            library.qgemmUnpacked(product, right, operands, rows);
        } else {
            library.fgemmUnpacked(product, right, operands, rows);
        }
    }
}
