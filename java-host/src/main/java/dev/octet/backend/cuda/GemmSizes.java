package dev.octet.backend.cuda;

import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatrixBatches;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;

/**
 * The sizes of a float matrix product: {@code GemmSizes} of {@code fproduct.cuh}.
 *
 * @param addendRow distance in the addend from one row of the output to the next, 0 where all share one
 * @param addendColumn likewise from column to column
 */
record GemmSizes(
        int m,
        int n,
        int k,
        boolean transA,
        boolean transB,
        int products,
        int addendRow,
        int addendColumn,
        float alpha,
        float beta) {
    private static final int CHUNK_BYTES = 16;

    static GemmSizes of(MatrixBatches batches) {
        return new GemmSizes(
                Math.toIntExact(batches.rows()),
                Math.toIntExact(batches.columns()),
                Math.toIntExact(batches.depth()),
                false,
                false,
                batches.count(),
                0,
                0,
                1,
                1);
    }

    static GemmSizes of(Gemm op, KernelSpec spec) {
        Shape a = spec.inputs().shape(0);
        Shape b = spec.inputs().shape(1);
        Shape c = spec.inputs().has(2) ? spec.inputs().shape(2) : Shape.SCALAR;
        int m = Math.toIntExact(a.dim(op.transA() ? 1 : 0));
        int n = Math.toIntExact(b.dim(op.transB() ? 0 : 1));
        int width = c.rank() > 0 ? Math.toIntExact(c.dim(-1)) : 1;
        boolean rows = c.rank() > 1 && c.dim(-2) > 1;
        return new GemmSizes(
                m,
                n,
                Math.toIntExact(a.dim(op.transA() ? 0 : 1)),
                op.transA(),
                op.transB(),
                1,
                rows ? width : 0,
                width > 1 ? 1 : 0,
                op.alpha(),
                op.beta());
    }

    boolean isEmpty() {
        return m == 0 || n == 0 || products == 0;
    }

    /** A grid of one block a tile and product. */
    Grid grid(int tileRows, int tileColumns, int threads) {
        long tiles = Math.ceilDiv((long) m, tileRows) * Math.ceilDiv((long) n, tileColumns);
        return new Grid(Math.toIntExact(tiles), 1, Math.min(products, Grid.MAX_YZ), threads, 0);
    }

    /** The fields that kernels take by value. */
    int[] fields(DType type) {
        int chunk = CHUNK_BYTES / (type.bits() / Byte.SIZE);
        return new int[] {
            m,
            n,
            k,
            transA ? 1 : 0,
            transB ? 1 : 0,
            aligned(transA ? m : k, chunk),
            aligned(transB ? k : n, chunk),
            products,
            addendRow,
            addendColumn,
            Float.floatToRawIntBits(alpha),
            Float.floatToRawIntBits(beta)
        };
    }

    /** 1 if every row of every matrix starts at a multiple of 16 bytes, as tensors do, else 0. */
    private static int aligned(int stride, int chunk) {
        return stride % chunk == 0 ? 1 : 0;
    }
}
