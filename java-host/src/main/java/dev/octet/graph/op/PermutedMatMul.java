package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A product of stacks of matrices whose operands are transposed before and whose result is transposed after it, as in an
 * attention, without the copies: output axis i of each Transpose is its input axis {@code order[i]}. The last axis of a
 * and of y stays last.
 *
 * @param product a {@link MatMul}, or a {@link QMatMul} of two inputs
 * @param a the order of the first operand, of 3 or more axes, as the others; arrays are copied in
 */
public record PermutedMatMul(Op product, int[] a, int[] b, int[] y) implements Op {
    static final OpType TYPE = OpType.internal("PermutedMatMul", 2, 2);

    public PermutedMatMul {
        if (!(product instanceof MatMul || product instanceof QMatMul)) {
            throw new IllegalArgumentException(product.type().name() + " is no product of matrices");
        }
        a = a.clone();
        b = b.clone();
        y = y.clone();
        int last = a.length - 1;
        if (last < 2 || b.length != a.length || y.length != a.length || a[last] != last || y[last] != last) {
            throw new IllegalArgumentException(
                    "orders " + Arrays.toString(a) + Arrays.toString(b) + Arrays.toString(y));
        }
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return product.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(permuted(QMatMul.productShape(permuted(in.shape(0), a), permuted(in.shape(1), b)), y));
    }

    /** The shape of a transposed tensor. */
    public static Shape permuted(Shape shape, int[] order) {
        Extents.requireLength("perm", Arrays.stream(order).asLongStream().toArray(), shape.rank());
        return Shape.of(Arrays.stream(order).mapToLong(shape::dim).toArray());
    }

    /** The strides of a tensor's elements in the order of a transposed one's axes. */
    public static long[] strides(Shape shape, int[] order) {
        long[] strides = shape.strides();
        return Arrays.stream(order).mapToLong(axis -> strides[axis]).toArray();
    }

    /** The order that undoes one. */
    public static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        IntStream.range(0, order.length).forEach(i -> inverse[order[i]] = i);
        return inverse;
    }
}
