package dev.octet.backend.cpu;

import dev.octet.tensor.Tensor;

/** Zero points of the rows or columns of a batch of matrices: one for all, one each, or one each of every matrix. */
record MatrixZeros(long[] values, int perMatrix) {
    private static final long[] ZERO = {0};

    static final MatrixZeros NONE = new MatrixZeros(ZERO, 1);

    static MatrixZeros of(Tensor zeroPoints, int perMatrix) {
        return new MatrixZeros(zeroPoints.toLongs(), perMatrix);
    }

    boolean isUniform() {
        return values.length == 1;
    }

    int at(int matrix, int index) {
        if (values.length == 1) {
            return (int) values[0];
        }
        return (int) values[values.length == perMatrix ? index : matrix * perMatrix + index];
    }
}
