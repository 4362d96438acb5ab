package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** An order of axes: output axis i is input axis {@code order[i]}. Arrays are owned. */
record Permutation(int[] order) {
    /** From [N, C, spatial...] to [N, spatial..., C]. */
    static Permutation toChannelsLast(int rank) {
        int[] order = new int[rank];
        for (int i = 1; i < rank - 1; i++) {
            order[i] = i + 1;
        }
        order[rank - 1] = 1;
        return new Permutation(order);
    }

    /** From [N, spatial..., C] to [N, C, spatial...]. */
    static Permutation toChannelsFirst(int rank) {
        return toChannelsLast(rank).inverse();
    }

    /** What a Transpose with a given order does; empty for other nodes. */
    static Optional<Permutation> of(Node node) {
        if (!(node.op() instanceof Transpose transpose) || transpose.perm().length == 0) {
            return Optional.empty();
        }
        return Optional.of(new Permutation(transpose.order(transpose.perm().length)));
    }

    /** The permutation that a value was made with. */
    static Optional<Permutation> producing(Graph graph, String value) {
        return graph.producer(value).flatMap(Permutation::of);
    }

    int rank() {
        return order.length;
    }

    boolean isToChannelsFirst() {
        return rank() >= 3 && equals(toChannelsFirst(rank()));
    }

    Permutation inverse() {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return new Permutation(inverse);
    }

    /** This permutation followed by another. */
    Permutation then(Permutation next) {
        return new Permutation(
                Arrays.stream(next.order).map(axis -> order[axis]).toArray());
    }

    boolean isIdentity() {
        return IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    }

    /** The input axis that becomes an output axis; a negative one counts from the end. */
    long inputAxis(long outputAxis) {
        return order[(int) (outputAxis < 0 ? outputAxis + order.length : outputAxis)];
    }

    Transpose operator() {
        return new Transpose(Arrays.stream(order).asLongStream().toArray());
    }

    /** The input that this permutation would turn into {@code constant}, which gets leading axes if it lacks some. */
    Tensor undo(Tensor constant) {
        long[] dims = new long[rank()];
        Arrays.fill(dims, 1);
        int missing = rank() - constant.shape().rank();
        for (int i = missing; i < dims.length; i++) {
            dims[i] = constant.shape().dim(i - missing);
        }
        long[] strides = Shape.of(dims).strides();
        int[] inverse = inverse().order;
        Shape shape =
                Shape.of(Arrays.stream(inverse).mapToLong(axis -> dims[axis]).toArray());
        long[] place = shape.strides();
        Tensor result = Tensor.allocate(constant.dtype(), shape);
        for (long to = 0; to < result.elementCount(); to++) {
            long from = 0;
            for (int axis = 0; axis < inverse.length; axis++) {
                from += to / place[axis] % shape.dim(axis) * strides[inverse[axis]];
            }
            result.setBits(to, constant.bits(from));
        }
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Permutation permutation && Arrays.equals(order, permutation.order);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(order);
    }
}
