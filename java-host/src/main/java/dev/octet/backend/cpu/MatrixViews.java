package dev.octet.backend.cpu;

import dev.octet.graph.op.MatrixBatches;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.QMatMul;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The matrices of a product as they lie in their tensors: how many products, their sizes, and where each operand's matrices
 * start and how far apart their rows and columns are. A row of a and of y is contiguous.
 */
record MatrixViews(long rows, long depth, long columns, View a, View b, View y) {
    /**
     * One operand's matrices.
     *
     * @param starts for each product the first element
     */
    record View(long[] starts, long rowStride, long columnStride) {}

    int count() {
        return y.starts.length;
    }

    /** Dense tensors. */
    static MatrixViews of(MatrixBatches m) {
        long[] numbers = LongStream.range(0, m.count()).toArray();
        return new MatrixViews(
                m.rows(),
                m.depth(),
                m.columns(),
                dense(Arrays.stream(m.a()).asLongStream().toArray(), m.rows(), m.depth()),
                dense(Arrays.stream(m.b()).asLongStream().toArray(), m.depth(), m.columns()),
                dense(numbers, m.rows(), m.columns()));
    }

    private static View dense(long[] numbers, long rows, long columns) {
        return new View(
                Arrays.stream(numbers).map(number -> number * rows * columns).toArray(), columns, 1);
    }

    /** The operands before, and the result after, the Transposes that a product includes. */
    static MatrixViews of(PermutedMatMul op, Shape a, Shape b) {
        Shape left = PermutedMatMul.permuted(a, op.a());
        Shape right = PermutedMatMul.permuted(b, op.b());
        Shape result = QMatMul.productShape(left, right);
        long[] resultStrides =
                PermutedMatMul.strides(PermutedMatMul.permuted(result, op.y()), PermutedMatMul.inverse(op.y()));
        return new MatrixViews(
                left.dim(-2),
                left.dim(-1),
                right.dim(-1),
                view(result, left, PermutedMatMul.strides(a, op.a())),
                view(result, right, PermutedMatMul.strides(b, op.b())),
                view(result, result, resultStrides));
    }

    private static View view(Shape result, Shape operand, long[] strides) {
        int leading = result.rank() - 2;
        long[] starts = new long[Math.toIntExact(result.product(0, leading))];
        for (int i = 0; i < starts.length; i++) {
            long rest = i;
            for (int axis = leading - 1; axis >= 0; axis--) {
                starts[i] += operand.dim(axis) > 1 ? rest % result.dim(axis) * strides[axis] : 0;
                rest /= result.dim(axis);
            }
        }
        return new View(starts, strides[leading], strides[leading + 1]);
    }
}
