package dev.octet.backend.cuda;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtAlgorithm;
import dev.octet.backend.cuda.lt.LtKind;
import dev.octet.backend.cuda.lt.LtMatmul;
import dev.octet.backend.cuda.lt.LtOperands;
import dev.octet.backend.cuda.lt.LtProblem;
import dev.octet.graph.op.Epilogue;
import dev.octet.runtime.KernelArgs;
import dev.octet.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An integer product as cuBLASLt's s8 x s8 to s32 and one kernel for the whole epilogue. Unsigned activations are shifted
 * by 128, exactly, what that adds to the sums is taken off in the bias; so are zero points. Activations that the library
 * cannot read where they lie are copied in the same pass to padded rows.
 *
 * <p>Not s8 x s8 to s8 with a factor for each output column, which would save the kernel where there is no bias, zero point
 * or clip: how the library rounds its sums and its results is not documented, so that they equal those of
 * {@link dev.octet.quant.Quantizer} bit for bit cannot be proven. Benchmarks and tests reach it as {@link LtKind#S8S8}.
 */
final class LtProductStep implements CudaStep {
    /** Granules of padded extents that suit every algorithm on every device. */
    private static final int ROWS = 16;

    /** Rows that need no padding: the library of some devices refuses others. */
    private static final int FEWEST_ROWS = 4;

    private static final int BYTES_PER_THREAD = 16;

    private final QProduct product;
    private final PackedProduct packed;
    private final LtMatmul matmul;
    private final LtAlgorithm algorithm;
    private final KernelFunction shift;
    private final KernelFunction requantize;

    private LtProductStep(
            CudaDevice device, QProduct product, PackedProduct packed, LtMatmul matmul, LtAlgorithm algorithm) {
        this.product = product;
        this.packed = packed;
        this.matmul = matmul;
        this.algorithm = algorithm;
        this.shift = device.function("octet_simt_shift_b8s8");
        this.requantize = device.function(
                product.epilogue().dtype() == DType.F32
                        ? "octet_simt_requantize_s32f32"
                        : "octet_simt_requantize_s32b8");
    }

    /** The product as the library is asked for it. */
    static LtMatmul matmul(CublasLt lt, QProduct product, Arena arena) {
        long columns = padded(product.columns(), PackedProduct.COLUMNS);
        long weightStride = padded(product.depth(), PackedProduct.DEPTH);
        if (readsInPlace(product)) {
            LtProblem.Strides strides = new LtProblem.Strides(product.depth(), weightStride, columns);
            return LtMatmul.of(
                    lt, new LtProblem(LtKind.S8S32, product.rows(), columns, product.depth(), strides), arena);
        }
        long rows = padded(product.rows(), ROWS);
        return LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, rows, columns, weightStride), arena);
    }

    private static long padded(long extent, long granule) {
        return Math.ceilDiv(extent, granule) * granule;
    }

    private static boolean readsInPlace(QProduct product) {
        return product.x().isSigned() && product.depth() % BYTES_PER_THREAD == 0 && product.rows() % FEWEST_ROWS == 0;
    }

    /**
     * Makes the step.
     *
     * @param matmul what {@link #matmul} made for this product
     * @param algorithm one of its candidates
     */
    static LtProductStep of(
            CudaDevice device, QProduct product, PackedProduct packed, LtMatmul matmul, LtAlgorithm algorithm) {
        return new LtProductStep(device, product, packed, matmul, algorithm);
    }

    @Override
    public boolean readsConstant(int input) {
        return ProductArguments.readsConstant(input);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        LtProblem problem = matmul.problem();
        boolean inPlace = readsInPlace(product);
        long shiftedBytes = inPlace ? 0 : aligned(problem.rows() * problem.depth());
        long sumsBytes = aligned(problem.rows() * problem.columns() * Integer.BYTES);
        MemorySegment work = stream.workspace(shiftedBytes + sumsBytes + aligned(algorithm.workspaceBytes()));
        MemorySegment x = inPlace ? args.in(0).data() : work;
        MemorySegment sums = work.asSlice(shiftedBytes);
        MemorySegment workspace = work.asSlice(shiftedBytes + sumsBytes);
        if (!inPlace) {
            shift(args, x, stream);
        }
        matmul.enqueue(
                algorithm,
                new LtOperands(x, packed.weights(), sums, MemorySegment.NULL, workspace),
                stream.rawHandle());
        requantize(args, sums, stream);
    }

    private static long aligned(long bytes) {
        return padded(bytes, LtMatmul.WORKSPACE_ALIGNMENT);
    }

    private void shift(KernelArgs args, MemorySegment shifted, CudaStream stream) {
        LtProblem problem = matmul.problem();
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(shifted)
                .s64(product.rows())
                .s64(product.depth())
                .s64(problem.rows())
                .s64(problem.depth())
                .s32(product.x().isSigned() ? 1 : 0);
        shift.launch(stream, Grid.elements(problem.rows() * problem.depth() / BYTES_PER_THREAD, 1), params);
    }

    private void requantize(KernelArgs args, MemorySegment sums, CudaStream stream) {
        KernelParams params =
                new KernelParams().pointer(sums).pointer(packed.multipliers()).pointer(packed.bias());
        long stride = matmul.problem().columns();
        switch (product.epilogue()) {
            case Epilogue.ToInt8 to8 -> {
                if (to8.residual().isPresent()) {
                    params.pointer(args.in(3));
                } else {
                    params.nullPointer();
                }
                params.pointer(args.out(0))
                        .s64(product.rows())
                        .s64(product.columns())
                        .s64(stride);
                params.s32(to8.residual().filter(r -> r.dtype() == DType.S8).isPresent() ? 1 : 0)
                        .s32(to8.residual().map(Epilogue.Residual::zeroPoint).orElse(0))
                        .f32(to8.residual().map(Epilogue.Residual::multiplier).orElse(0f))
                        .s32(to8.zeroPoint())
                        .s32(to8.qmin())
                        .s32(to8.qmax());
            }
            case Epilogue.ToFloat toFloat ->
                params.pointer(args.out(0))
                        .s64(product.rows())
                        .s64(product.columns())
                        .s64(stride)
                        .f32(toFloat.min())
                        .f32(toFloat.max());
        }
        requantize.launch(stream, Grid.elements(product.rows() * product.columns(), 4), params);
    }
}
