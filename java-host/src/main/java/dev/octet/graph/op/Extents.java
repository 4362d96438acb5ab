package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;

/** Checks on extents and axes that come from a model's numbers. */
final class Extents {
    private Extents() {}

    /**
     * The shape with these extents.
     *
     * @throws ModelException invalid if one is negative, limit if the element count overflows a long
     */
    static Shape shape(long... dims) {
        for (long dim : dims) {
            if (dim < 0) {
                throw ModelException.invalid("negative extent " + dim + " in " + Arrays.toString(dims));
            }
        }
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw new ModelException(ModelException.Kind.LIMIT, String.valueOf(e.getMessage()), e);
        }
    }

    /** {@code a * b}, or a limit fault naming {@code what}. */
    static long multiply(String what, long a, long b) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            throw new ModelException(ModelException.Kind.LIMIT, what + " " + a + " * " + b + " overflows", e);
        }
    }

    /** {@code a + b}, or a limit fault naming {@code what}. */
    static long add(String what, long a, long b) {
        try {
            return Math.addExact(a, b);
        } catch (ArithmeticException e) {
            throw new ModelException(ModelException.Kind.LIMIT, what + " " + a + " + " + b + " overflows", e);
        }
    }

    /** An axis in [-rank, rank) turned into one in [0, rank). */
    static int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw ModelException.invalid("axis " + axis + " is outside [" + -rank + ", " + (rank - 1) + "]");
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** The axes normalized, in the order given; all axes of the rank if none are given. */
    static int[] axes(Optional<long[]> given, int rank) {
        if (given.isEmpty()) {
            return java.util.stream.IntStream.range(0, rank).toArray();
        }
        long[] axes = given.get();
        int[] normalized = new int[axes.length];
        boolean[] seen = new boolean[rank];
        for (int i = 0; i < axes.length; i++) {
            normalized[i] = axis(axes[i], rank);
            if (seen[normalized[i]]) {
                throw ModelException.invalid("axis " + axes[i] + " is repeated in " + Arrays.toString(axes));
            }
            seen[normalized[i]] = true;
        }
        return normalized;
    }

    static void requireLength(String what, long[] values, int length) {
        if (values.length != length) {
            throw ModelException.invalid(
                    what + " " + Arrays.toString(values) + " has " + values.length + " entries, expected " + length);
        }
    }

    /** Checks that an input is present and holds int32 or int64. */
    static void requireIndexType(String what, Optional<DType> dtype) {
        DType type = dtype.orElseThrow(() -> ModelException.invalid(what + " is missing"));
        if (type != DType.S64 && type != DType.S32) {
            throw ModelException.invalid(what + " has type " + type.label() + ", expected s64 or s32");
        }
    }

    static void requireSameType(String what, Optional<DType> dtype, DType expected) {
        if (dtype.isPresent() && dtype.get() != expected) {
            throw ModelException.invalid(what + " has type " + dtype.get().label() + ", expected " + expected.label());
        }
    }
}
