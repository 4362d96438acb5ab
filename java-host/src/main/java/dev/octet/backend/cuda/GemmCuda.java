package dev.octet.backend.cuda;

import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** {@link dev.octet.graph.op.MatMul} and {@link Gemm} of floats: {@code gemm_f32.cu}, {@code gemm_f16.cu}. */
final class GemmCuda implements CudaStep {
    static final Row MATMUL_F32 = new Row("octet_simt_gemm_f32", spec -> is(spec, DType.F32), GemmCuda::matmul);
    static final Row MATMUL_F16 = new Row("octet_hmma_gemm_f16", spec -> is(spec, DType.F16), GemmCuda::matmul);
    static final Row GEMM_F32 = new Row("octet_simt_gemm_f32", spec -> is(spec, DType.F32), GemmCuda::gemm);
    static final Row GEMM_F16 = new Row("octet_hmma_gemm_f16", spec -> is(spec, DType.F16), GemmCuda::gemm);

    private static final int SMALL = 64;
    private static final int LARGE = 128;

    private final FloatUnit unit;
    private final KernelFunction function;
    private final GemmSizes sizes;
    private final Grid grid;
    private final Optional<Matrices> matrices;

    /** On the device: for each product the number of its left and right matrix. */
    private record Matrices(MemorySegment a, MemorySegment b) {
        static Matrices of(MatrixBatches batches, CudaDevice device, Arena arena) {
            return new Matrices(upload(batches.a(), device, arena), upload(batches.b(), device, arena));
        }

        private static MemorySegment upload(int[] numbers, CudaDevice device, Arena arena) {
            return device.upload(
                    Tensor.ofInts(Shape.of(numbers.length), numbers).data(), arena);
        }
    }

    private GemmCuda(CudaDevice device, KernelSpec spec, GemmSizes sizes, Optional<MatrixBatches> batches) {
        this.sizes = sizes;
        this.matrices = batches.map(numbers -> Matrices.of(numbers, device, spec.arena()));
        unit = FloatUnit.of(device, spec.inputs().dtype(0));
        int tile = unit.type() == DType.F32 ? tile(device.multiprocessors()) : SMALL;
        function = device.function(unit.kernel("gemm", tile));
        grid = sizes.isEmpty() ? new Grid(1, 1, 1, unit.threads(), 0) : sizes.grid(tile, tile, unit.threads());
    }

    private static GemmCuda gemm(CudaDevice device, KernelSpec spec) {
        return new GemmCuda(device, spec, GemmSizes.of((Gemm) spec.node().op(), spec), Optional.empty());
    }

    private static GemmCuda matmul(CudaDevice device, KernelSpec spec) {
        MatrixBatches batches =
                MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        Optional<MatrixBatches> several = Optional.of(batches).filter(b -> b.count() > 1);
        return new GemmCuda(device, spec, GemmSizes.of(batches), several);
    }

    private static boolean is(KernelSpec spec, DType type) {
        return spec.inputs().dtype(0) == type && FloatTypes.areOneReal(spec);
    }

    /** The large tile reads less but leaves multiprocessors idle where there are few of them. */
    private int tile(int multiprocessors) {
        long tiles = Math.ceilDiv((long) sizes.m(), LARGE) * Math.ceilDiv((long) sizes.n(), LARGE) * sizes.products();
        return tiles >= multiprocessors ? LARGE : SMALL;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (sizes.isEmpty()) {
            return;
        }
        KernelParams params = new KernelParams().pointer(args.in(0)).pointer(args.in(1));
        (args.has(2) ? params.pointer(args.in(2)) : params.nullPointer()).pointer(args.out(0));
        matrices.ifPresentOrElse(
                numbers -> params.pointer(numbers.a).pointer(numbers.b),
                () -> params.nullPointer().nullPointer());
        params.structure(sizes.fields(unit.type()));
        function.launch(stream, grid, params);
    }
}
