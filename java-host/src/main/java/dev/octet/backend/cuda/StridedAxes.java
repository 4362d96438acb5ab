package dev.octet.backend.cuda;

import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Axes walked together by a kernel, outermost first, and how far neighbours along each lie apart in each tensor: what
 * kernels take by value as {@code octet::Axes}. Axes of extent 1 are left out and those that continue each other in every
 * tensor are merged; at least one is left.
 *
 * @param strides by tensor, then axis, in elements: 0 where a tensor is repeated, negative where it is walked backwards
 */
record StridedAxes(long[] extents, long[][] strides) {
    /** Axes that a kernel can take. */
    static final int MAX_RANK = 8;

    /** Merges; {@code strides} by tensor, then axis. */
    static StridedAxes of(long[] extents, long[]... strides) {
        List<long[]> merged = new ArrayList<>();
        for (int axis = 0; axis < extents.length; axis++) {
            if (extents[axis] != 1) {
                append(merged, column(extents[axis], strides, axis));
            }
        }
        if (merged.isEmpty()) {
            merged.add(new long[1 + strides.length]);
            merged.getFirst()[0] = 1;
        }
        long[][] rows = new long[strides.length][];
        for (int tensor = 0; tensor < rows.length; tensor++) {
            int entry = tensor + 1;
            rows[tensor] = merged.stream().mapToLong(axis -> axis[entry]).toArray();
        }
        return new StridedAxes(merged.stream().mapToLong(axis -> axis[0]).toArray(), rows);
    }

    /** The axes of an output and how each operand is broadcast along them. */
    static StridedAxes broadcast(Shape output, Shape... operands) {
        long[][] strides = new long[operands.length][output.rank()];
        for (int tensor = 0; tensor < operands.length; tensor++) {
            Shape operand = operands[tensor];
            long[] own = operand.strides();
            int added = output.rank() - operand.rank();
            for (int axis = 0; axis < own.length; axis++) {
                strides[tensor][axis + added] = operand.dim(axis) == 1 ? 0 : own[axis];
            }
        }
        return of(output.dims(), strides);
    }

    /** An axis as one array: its extent, then its stride in each tensor. */
    private static long[] column(long extent, long[][] strides, int axis) {
        long[] column = new long[1 + strides.length];
        column[0] = extent;
        for (int tensor = 0; tensor < strides.length; tensor++) {
            column[tensor + 1] = strides[tensor][axis];
        }
        return column;
    }

    private static void append(List<long[]> merged, long[] inner) {
        if (!merged.isEmpty()) {
            long[] outer = merged.getLast();
            boolean continues = true;
            for (int i = 1; i < inner.length; i++) {
                continues &= outer[i] == inner[i] * inner[0];
            }
            if (continues) {
                long[] joined = inner.clone();
                joined[0] *= outer[0];
                merged.set(merged.size() - 1, joined);
                return;
            }
        }
        merged.add(inner);
    }

    int rank() {
        return extents.length;
    }

    /** The places of the walk. */
    long count() {
        return Arrays.stream(extents).reduce(1, (a, b) -> a * b);
    }

    long innerExtent() {
        return extents[rank() - 1];
    }

    long innerStride(int tensor) {
        return strides[tensor][rank() - 1];
    }

    /**
     * The same walk with {@code width} neighbours along the innermost axis as one place; the last place of a single axis
     * may be partial. Strides still count elements.
     */
    StridedAxes inUnitsOf(int width) {
        long[] units = extents.clone();
        units[rank() - 1] = Math.ceilDiv(innerExtent(), (long) width);
        long[][] steps = Arrays.stream(strides).map(long[]::clone).toArray(long[][]::new);
        for (long[] step : steps) {
            step[rank() - 1] *= width;
        }
        return new StridedAxes(units, steps);
    }

    /** The fields of {@code octet::Axes}. */
    long[] fields() {
        long[] fields = new long[2 + (1 + strides.length) * MAX_RANK];
        fields[0] = rank();
        fields[1] = count() <= Integer.MAX_VALUE ? 1 : 0;
        System.arraycopy(extents, 0, fields, 2, rank());
        for (int tensor = 0; tensor < strides.length; tensor++) {
            System.arraycopy(strides[tensor], 0, fields, 2 + (1 + tensor) * MAX_RANK, rank());
        }
        return fields;
    }

    /** The greatest power of two, at most {@code limit}, that divides every value; zeros do not matter. */
    static int commonWidth(int limit, LongStream values) {
        long all = values.reduce(limit, (a, b) -> a | b);
        return (int) Math.min(limit, Long.lowestOneBit(all));
    }
}
