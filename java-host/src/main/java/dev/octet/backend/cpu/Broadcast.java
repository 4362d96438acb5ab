package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks an output and the operands that are broadcast to it, row by row.
 *
 * <p>Neighbouring axes along which every operand behaves alike are merged first, so that a row is as long as it can be:
 * operands of equal shape make one row, and {@code [N, C, H, W] op [C, 1, 1]} rows of H*W with a constant operand. Along
 * a row an operand either advances by one element or stays.
 */
final class Broadcast {
    private final long[] extents;
    private final long[][] strides;

    /** Work on a row of {@code count} output elements from {@code out} on; {@code starts} has one index an operand. */
    interface Body {
        void run(long out, long[] starts, int count);
    }

    private Broadcast(long[] extents, long[][] strides) {
        this.extents = extents;
        this.strides = strides;
    }

    static Broadcast of(Shape output, List<Shape> operands) {
        List<Long> extents = new ArrayList<>();
        List<long[]> axes = new ArrayList<>();
        long[] steps = new long[operands.size()];
        Arrays.fill(steps, 1);
        for (int fromEnd = 1; fromEnd <= output.rank(); fromEnd++) {
            long extent = output.dim(-fromEnd);
            long[] stride = new long[steps.length];
            for (int k = 0; k < steps.length; k++) {
                long own = fromEnd <= operands.get(k).rank() ? operands.get(k).dim(-fromEnd) : 1;
                stride[k] = own == 1 ? 0 : steps[k];
                steps[k] *= own;
            }
            append(extents, axes, extent, stride);
        }
        if (extents.isEmpty()) {
            append(extents, axes, output.elementCount(), new long[steps.length]);
        }
        return new Broadcast(
                extents.reversed().stream().mapToLong(Long::longValue).toArray(),
                axes.reversed().toArray(long[][]::new));
    }

    private static void append(List<Long> extents, List<long[]> axes, long extent, long[] stride) {
        if (extent == 1 && !extents.isEmpty()) {
            return;
        }
        if (!extents.isEmpty()) {
            long inner = extents.getLast();
            long[] innerStride = axes.getLast();
            if (inner == 1) {
                extents.removeLast();
                axes.removeLast();
            } else if (continues(stride, innerStride, inner)) {
                extents.set(extents.size() - 1, Math.multiplyExact(inner, extent));
                return;
            }
        }
        extents.add(extent);
        axes.add(stride);
    }

    private static boolean continues(long[] stride, long[] innerStride, long inner) {
        for (int k = 0; k < stride.length; k++) {
            if (stride[k] != innerStride[k] * inner) {
                return false;
            }
        }
        return true;
    }

    /** Elements by which an operand advances along a row: 0 or 1. */
    int step(int operand) {
        return (int) strides[strides.length - 1][operand];
    }

    /** The number of axes around a row. */
    int outerAxes() {
        return extents.length - 1;
    }

    /** The extents of the axes around a row, outermost first, and zeros up to {@code length}. */
    long[] outerExtents(int length) {
        return Arrays.copyOf(Arrays.copyOf(extents, outerAxes()), length);
    }

    /** The elements by which an operand advances along each of the axes around a row, likewise. */
    long[] outerStrides(int operand, int length) {
        long[] outer = new long[length];
        for (int axis = 0; axis < outerAxes(); axis++) {
            outer[axis] = strides[axis][operand];
        }
        return outer;
    }

    long rowLength() {
        return extents[extents.length - 1];
    }

    long rows() {
        return Arrays.stream(extents, 0, extents.length - 1).reduce(1, (a, b) -> a * b);
    }

    void forEachRow(Workers workers, Body body) {
        long rowLength = rowLength();
        long rows = rows();
        if (rows == 0 || rowLength == 0) {
            return;
        }
        if (rows == 1) {
            Chunks.forEach(workers, rowLength, (from, to) -> {
                long[] starts = new long[strides[0].length];
                for (int k = 0; k < starts.length; k++) {
                    starts[k] = from * step(k);
                }
                body.run(from, starts, (int) (to - from));
            });
            return;
        }
        int length = Math.toIntExact(rowLength);
        Chunks.forEachRow(workers, rows, rowLength, row -> body.run(row * rowLength, starts(row), length));
    }

    private long[] starts(long row) {
        long[] starts = new long[strides[0].length];
        long rest = row;
        for (int axis = extents.length - 2; axis >= 0; axis--) {
            long position = rest % extents[axis];
            rest /= extents[axis];
            for (int k = 0; k < starts.length; k++) {
                starts[k] += position * strides[axis][k];
            }
        }
        return starts;
    }
}
