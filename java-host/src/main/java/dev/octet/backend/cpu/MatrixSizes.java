package dev.octet.backend.cpu;

import dev.octet.tensor.Shape;
import java.util.Arrays;

/**
 * A batch of matrix products with NumPy's rules: which matrix of a and which of b each product takes.
 *
 * @param aMatrix index of a's matrix by product
 * @param bMatrix index of b's matrix by product
 * @param bCount number of matrices in b
 * @param transA each matrix of a is stored as [K, M]
 * @param transB each matrix of b is stored as [N, K]
 */
record MatrixSizes(int m, int n, int k, int[] aMatrix, int[] bMatrix, int bCount, boolean transA, boolean transB) {
    /** The sizes of ONNX MatMul. */
    static MatrixSizes of(Shape a, Shape b) {
        Shape aLeading = leading(a);
        Shape bLeading = leading(b);
        Shape batch = aLeading.broadcast(bLeading);
        return new MatrixSizes(
                Math.toIntExact(a.rank() > 1 ? a.dim(-2) : 1),
                Math.toIntExact(b.rank() > 1 ? b.dim(-1) : 1),
                Math.toIntExact(a.dim(-1)),
                matrices(batch, aLeading),
                matrices(batch, bLeading),
                Math.toIntExact(bLeading.elementCount()),
                false,
                false);
    }

    /** The sizes of ONNX Gemm. */
    static MatrixSizes ofGemm(Shape a, Shape b, boolean transA, boolean transB) {
        return new MatrixSizes(
                Math.toIntExact(a.dim(transA ? 1 : 0)),
                Math.toIntExact(b.dim(transB ? 0 : 1)),
                Math.toIntExact(a.dim(transA ? 0 : 1)),
                new int[1],
                new int[1],
                1,
                transA,
                transB);
    }

    private static Shape leading(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), Math.max(0, shape.rank() - 2)));
    }

    private static int[] matrices(Shape batch, Shape own) {
        int[] matrices = new int[Math.toIntExact(batch.elementCount())];
        for (int i = 0; i < matrices.length; i++) {
            long rest = i;
            long index = 0;
            long stride = 1;
            for (int axis = 1; axis <= own.rank(); axis++) {
                long at = rest % batch.dim(-axis);
                rest /= batch.dim(-axis);
                index += own.dim(-axis) == 1 ? 0 : at * stride;
                stride *= own.dim(-axis);
            }
            matrices[i] = Math.toIntExact(index);
        }
        return matrices;
    }

    int products() {
        return aMatrix.length;
    }

    /** The index in a of the first element of a product's row, and the distance from one to the next. */
    long aIndex(int product, int row) {
        return (long) aMatrix[product] * m * k + (transA ? row : (long) row * k);
    }

    long aStride() {
        return transA ? m : 1;
    }
}
