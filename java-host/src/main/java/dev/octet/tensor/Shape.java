package dev.octet.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Concrete extents of a tensor, outermost first. The product of the extents is known to fit a long; an extent of zero
 * makes an empty tensor, no extents a scalar.
 */
public final class Shape {
    public static final Shape SCALAR = new Shape();

    private final long[] dims;
    private final long elementCount;

    private Shape(long... dims) {
        long count = 1;
        boolean empty = false;
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("negative extent in " + Arrays.toString(dims));
            }
            empty |= dim == 0;
            if (dim > 0) {
                try {
                    count = Math.multiplyExact(count, dim);
                } catch (ArithmeticException e) {
                    throw new LimitException("element count overflows in " + Arrays.toString(dims), e);
                }
            }
        }
        this.dims = dims;
        this.elementCount = empty ? 0 : count;
    }

    /**
     * Returns the shape with these extents; the array is copied.
     *
     * @throws IllegalArgumentException if an extent is negative
     * @throws LimitException if the element count overflows a long
     */
    public static Shape of(long... dims) {
        return dims.length == 0 && SCALAR != null ? SCALAR : new Shape(dims.clone());
    }

    public int rank() {
        return dims.length;
    }

    /** The extent of an axis; a negative axis counts from the end. */
    public long dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    public long[] dims() {
        return dims.clone();
    }

    public long elementCount() {
        return elementCount;
    }

    /** The product of the extents of axes {@code from} (inclusive) to {@code to} (exclusive); 1 if there are none. */
    public long product(int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= dims[axis];
        }
        return product;
    }

    /** Row-major distances between neighbours along each axis, in elements. */
    public long[] strides() {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    /**
     * Turns an axis in [-rank, rank) into one in [0, rank).
     *
     * @throws IllegalArgumentException if it is outside
     */
    public int axis(long axis) {
        if (axis < -dims.length || axis >= dims.length) {
            throw new IllegalArgumentException(
                    "axis " + axis + " is outside [-" + dims.length + ", " + (dims.length - 1) + "] of " + this);
        }
        return (int) (axis < 0 ? axis + dims.length : axis);
    }

    /**
     * The shape that both broadcast to by NumPy's rule (ONNX multidirectional broadcasting).
     *
     * @throws IllegalArgumentException if an axis differs and neither extent is 1
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        long[] result = new long[rank];
        for (int i = 1; i <= rank; i++) {
            long a = i <= rank() ? dims[rank() - i] : 1;
            long b = i <= other.rank() ? other.dims[other.rank() - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException("cannot broadcast " + this + " with " + other);
            }
            result[rank - i] = a == 1 ? b : a;
        }
        return new Shape(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The extents in brackets, such as {@code [1,3,224,224]}. */
    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
