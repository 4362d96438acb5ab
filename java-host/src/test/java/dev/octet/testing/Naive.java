package dev.octet.testing;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.function.ToDoubleFunction;

/** Tensors made element by element from a definition over positions. */
public final class Naive {
    private Naive() {}

    /** Calls {@code value} with the position (one index an axis) of every element. */
    public static Tensor tensor(DType dtype, Shape shape, ToDoubleFunction<long[]> value) {
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            tensor.setDouble(i, value.applyAsDouble(position(shape, i)));
        }
        return tensor;
    }

    /** The element at a position. */
    public static double at(Tensor tensor, long... position) {
        long index = 0;
        for (int i = 0; i < position.length; i++) {
            index = index * tensor.shape().dim(i) + position[i];
        }
        return tensor.getDouble(index);
    }

    /** The numbers 0, 1, 2, ... as far as the type can count, over and over. */
    public static Tensor counting(DType dtype, Shape shape) {
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            tensor.setLong(i, i % Math.min(1L << Math.min(dtype.bits() - 1, 24), 2048));
        }
        return tensor;
    }

    private static long[] position(Shape shape, long index) {
        long[] position = new long[shape.rank()];
        long rest = index;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            position[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return position;
    }
}
