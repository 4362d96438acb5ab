package dev.octet.testing;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Random;

/** Seeded tensors; the seed is an argument so that a failing test can name it. */
public final class TestTensors {
    private TestTensors() {}

    /** Uniform in [-range, range), rounded to the type. */
    public static Tensor uniform(DType dtype, Shape shape, double range, long seed) {
        Random random = new Random(seed);
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            tensor.setDouble(i, (random.nextDouble() * 2 - 1) * range);
        }
        return tensor;
    }

    /** Random bits, cut to the type; for integers only. */
    public static Tensor integers(DType dtype, Shape shape, long seed) {
        Random random = new Random(seed);
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < shape.elementCount(); i++) {
            tensor.setLong(i, random.nextLong());
        }
        return tensor;
    }
}
