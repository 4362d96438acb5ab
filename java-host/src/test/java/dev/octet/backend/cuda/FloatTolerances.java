package dev.octet.backend.cuda;

import dev.octet.backend.cuda.CudaOracle.Tolerance;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;

/** How close float results must be, each bound derived, and inputs for which they must be equal. */
final class FloatTolerances {
    /** Rounding to nearest changes an f32 by at most this share of it. */
    static final double EPSILON_F32 = 0x1p-24;

    /** Likewise f16. */
    static final double EPSILON_F16 = 0x1p-11;

    /** Half of f16's smallest step. */
    private static final double TINY_F16 = 0x1p-25;

    /** Far above what fp64 sums of the tests' few thousand values below 1e3 can differ by. */
    private static final double FP64_SUM = 1e-9;

    private FloatTolerances() {}

    /** Both sides compute in fp64, in different order, and round once: one unit in the last place. */
    static Tolerance roundedOnce(DType type) {
        return type == DType.F32
                ? new Tolerance(FP64_SUM, 2 * EPSILON_F32)
                : new Tolerance(FP64_SUM + 2 * TINY_F16, 2 * EPSILON_F16 + 2 * EPSILON_F32);
    }

    /**
     * Sums of {@code depth} fp32 products, none above {@code largest}: either side is off by at most depth * epsilon times
     * the sum of the products' sizes (twice that where tensor cores truncate), then rounded to the type.
     */
    static Tolerance product(DType type, int depth, double largest) {
        double perSide = (depth + 2) * EPSILON_F32 * depth * largest;
        return type == DType.F32
                ? new Tolerance(2 * perSide, 2 * EPSILON_F32)
                : new Tolerance(3 * perSide + 2 * TINY_F16, 2 * EPSILON_F16);
    }

    /** Whole numbers in [-4, 4]: sums of fewer than a million products of two are exact in fp32 in any order. */
    static Tensor wholes(DType type, Shape shape, long seed) {
        Tensor values = TestTensors.uniform(type, shape, 4.4, seed);
        for (long i = 0; i < values.elementCount(); i++) {
            values.setDouble(i, Math.rint(values.getDouble(i)));
        }
        return values;
    }
}
