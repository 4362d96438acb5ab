package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;

/**
 * A copy whose source position is chosen axis by axis: {@code target[i, j, ..] = source[map0[i], map1[j], ..]}, or a fill
 * value where a map has a negative entry. Pad and nearest Resize come down to it.
 */
final class AxisMapCopy {
    private static final long MIN_PARALLEL_ELEMENTS = 1 << 14;

    private final long[][] positions;
    private final int[] runStarts;

    /**
     * Plans a copy.
     *
     * @param maps one an axis: the source index of each target index, negative for none
     */
    AxisMapCopy(Shape source, long[][] maps) {
        long[] strides = source.strides();
        int rank = maps.length;
        long[][] offsets = new long[Math.max(1, rank)][];
        offsets[0] = new long[1];
        for (int axis = 0; axis < rank; axis++) {
            long stride = strides[axis];
            offsets[axis] = Arrays.stream(maps[axis])
                    .map(index -> index < 0 ? -1 : index * stride)
                    .toArray();
        }
        positions = joinIdentical(source, offsets);
        runStarts = runs(positions[positions.length - 1]);
    }

    /** Folds innermost axes that are copied whole into the next one, as far as positions stay countable by an int. */
    private static long[][] joinIdentical(Shape source, long[][] offsets) {
        int rank = offsets.length;
        while (rank > 1
                && isIdentity(offsets[rank - 1], source.dim(rank - 1))
                && offsets[rank - 2].length * (long) offsets[rank - 1].length < 1 << 20) {
            long[] outer = offsets[rank - 2];
            int inner = offsets[rank - 1].length;
            long[] joined = new long[outer.length * inner];
            for (int i = 0; i < joined.length; i++) {
                joined[i] = outer[i / inner] < 0 ? -1 : outer[i / inner] + i % inner;
            }
            offsets[rank - 2] = joined;
            rank--;
        }
        return Arrays.copyOf(offsets, rank);
    }

    private static boolean isIdentity(long[] offsets, long extent) {
        if (offsets.length != extent || extent == 0) {
            return false;
        }
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != i) {
                return false;
            }
        }
        return true;
    }

    /** Where runs of consecutive positions, or of fill, begin; ends with the length. */
    private static int[] runs(long[] positions) {
        int[] starts = new int[positions.length + 1];
        int count = 0;
        for (int i = 0; i < positions.length; i++) {
            boolean continues = i > 0
                    && (positions[i] < 0
                            ? positions[i - 1] < 0
                            : positions[i - 1] >= 0 && positions[i] == positions[i - 1] + 1);
            if (!continues) {
                starts[count++] = i;
            }
        }
        starts[count++] = positions.length;
        return Arrays.copyOf(starts, count);
    }

    /**
     * Copies.
     *
     * @param fill one element of the source's type
     */
    void run(Tensor source, Tensor target, Tensor fill, Workers workers) {
        int last = positions.length - 1;
        int length = positions[last].length;
        if (target.elementCount() == 0) {
            return;
        }
        long rows = target.elementCount() / length;
        ElementMover mover = new ElementMover(source, target);
        ElementMover filler = new ElementMover(fill, target);
        boolean split = workers.count() > 1
                && target.elementCount() >= MIN_PARALLEL_ELEMENTS
                && ElementMover.isSplittable(source.dtype());
        int tasks = split ? (int) Math.min(rows, workers.count() * 4L) : 1;
        workers.forEach(tasks, task -> {
            long end = rows * (task + 1) / tasks;
            for (long row = rows * task / tasks; row < end; row++) {
                row(mover, filler, row);
            }
        });
    }

    private void row(ElementMover mover, ElementMover filler, long row) {
        long[] inner = positions[positions.length - 1];
        long to = row * inner.length;
        long base = 0;
        long rest = row;
        for (int axis = positions.length - 2; axis >= 0; axis--) {
            long[] map = positions[axis];
            long offset = map[(int) (rest % map.length)];
            rest /= map.length;
            if (offset < 0) {
                filler.fill(0, to, inner.length);
                return;
            }
            base += offset;
        }
        for (int i = 0; i + 1 < runStarts.length; i++) {
            int start = runStarts[i];
            int count = runStarts[i + 1] - start;
            if (inner[start] < 0) {
                filler.fill(0, to + start, count);
            } else if (count == 1) {
                mover.strided(base + inner[start], 0, to + start, 1, 1);
            } else {
                mover.copy(base + inner[start], to + start, count);
            }
        }
    }
}
