package dev.octet.conformance;

import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** Compares a computed tensor with the expected one. NaN equals NaN and nothing else. */
final class TensorComparison {
    private TensorComparison() {}

    /** The first difference, or empty if there is none. */
    static Optional<String> difference(Tensor got, Tensor want, ConformanceCase.Tolerance tolerance) {
        if (got.dtype() != want.dtype() || !got.shape().equals(want.shape())) {
            return Optional.of("is " + got + ", expected " + want);
        }
        boolean exact = !want.dtype().isFloat() && tolerance.atol() < 1;
        for (long i = 0; i < want.elementCount(); i++) {
            boolean equal = exact ? got.getLong(i) == want.getLong(i) : isNear(got, want, i, tolerance);
            if (!equal) {
                return Optional.of(
                        "element " + i + " of " + want + " is " + text(got, i) + ", expected " + text(want, i));
            }
        }
        return Optional.empty();
    }

    private static boolean isNear(Tensor got, Tensor want, long i, ConformanceCase.Tolerance tolerance) {
        double a = got.getDouble(i);
        double b = want.getDouble(i);
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        double relative = want.dtype().isFloat() ? tolerance.rtol() * Math.abs(b) : 0;
        return Double.isFinite(b) && Math.abs(a - b) <= tolerance.atol() + relative;
    }

    private static String text(Tensor tensor, long i) {
        boolean integer = tensor.dtype().isInteger() || tensor.dtype() == DType.BOOL;
        return integer ? Long.toString(tensor.getLong(i)) : Double.toString(tensor.getDouble(i));
    }
}
