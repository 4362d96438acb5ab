package dev.octet.graph.op;

import dev.octet.tensor.Shape;

/**
 * The matrices of a product under NumPy's rules: how many, their sizes, and where each operand's lies.
 *
 * @param a for each product the number of its left matrix in the left tensor
 * @param b likewise on the right
 */
public record MatrixBatches(long rows, long depth, long columns, int[] a, int[] b) {
    /** The products of two tensors whose shapes fit; one right matrix for all makes one tall product. */
    public static MatrixBatches of(Shape a, Shape b) {
        long depth = a.dim(-1);
        long columns = b.rank() > 1 ? b.dim(-1) : 1;
        if (b.rank() <= 2) {
            return new MatrixBatches(a.product(0, a.rank() - 1), depth, columns, new int[1], new int[1]);
        }
        long rows = a.rank() > 1 ? a.dim(-2) : 1;
        Shape leadingA = leading(a);
        Shape leadingB = leading(b);
        Shape batch = leadingA.broadcast(leadingB);
        return new MatrixBatches(rows, depth, columns, indices(batch, leadingA), indices(batch, leadingB));
    }

    private static Shape leading(Shape shape) {
        return Shape.of(java.util.Arrays.copyOf(shape.dims(), Math.max(0, shape.rank() - 2)));
    }

    private static int[] indices(Shape batch, Shape operand) {
        int[] indices = new int[Math.toIntExact(batch.elementCount())];
        long[] strides = operand.strides();
        int missing = batch.rank() - operand.rank();
        for (int i = 0; i < indices.length; i++) {
            long rest = i;
            long index = 0;
            for (int axis = batch.rank() - 1; axis >= 0; axis--) {
                long position = rest % batch.dim(axis);
                rest /= batch.dim(axis);
                if (axis >= missing && operand.dim(axis - missing) > 1) {
                    index += position * strides[axis - missing];
                }
            }
            indices[i] = Math.toIntExact(index);
        }
        return indices;
    }

    public int count() {
        return a.length;
    }
}
