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

/** {@link dev.octet.graph.op.MatMul} and {@link Gemm} of f32: {@code gemm_f32.cu}. */
final class GemmCuda implements CudaStep {
    static final Row MATMUL = new Row("octet_simt_gemm_f32", GemmCuda::isSingle, GemmCuda::matmul);
    static final Row GEMM = new Row(
            "octet_simt_gemm_f32",
            GemmCuda::isSingle,
            (device, spec) ->
                    new GemmCuda(device, spec, GemmSizes.of((Gemm) spec.node().op(), spec), Optional.empty()));

    private static final int THREADS = 256;
    private static final int SMALL = 64;
    private static final int LARGE = 128;

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
            return device.upload(Tensor.ofInts(Shape.of(numbers.length), numbers).data(), arena);
        }
    }

    private GemmCuda(CudaDevice device, KernelSpec spec, GemmSizes sizes, Optional<MatrixBatches> batches) {
        this.sizes = sizes;
        this.matrices = batches.map(numbers -> Matrices.of(numbers, device, spec.arena()));
        int tile = tile(device.multiprocessors());
        function = device.function("octet_simt_gemm_f32_" + tile + "x" + tile);
        grid = sizes.isEmpty() ? new Grid(1, 1, 1, THREADS, 0) : sizes.grid(tile, tile, THREADS);
    }

    private static GemmCuda matmul(CudaDevice device, KernelSpec spec) {
        MatrixBatches batches =
                MatrixBatches.of(spec.inputs().shape(0), spec.inputs().shape(1));
        Optional<MatrixBatches> several = Optional.of(batches).filter(b -> b.count() > 1);
        return new GemmCuda(device, spec, GemmSizes.of(batches), several);
    }

    private static boolean isSingle(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32;
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
                numbers -> params.pointer(numbers.a).pointer(numbers.b), () -> params.nullPointer()
                        .nullPointer());
        params.structure(sizes.fields(DType.F32));
        function.launch(stream, grid, params);
    }
}
