package dev.octet.graph.op;

import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Which elements of a tensor meet in one output of a reduction. Neighbouring axes that are both kept or both reduced are
 * merged, so that the innermost run of elements is as long as it can be.
 */
public final class ReducedAxes {
    private final long[][] kept;
    private final long[][] reduced;
    private final long runLength;
    private final long runStride;

    /** Groups of axes as pairs of extent and stride, outermost first. */
    private ReducedAxes(List<long[]> kept, List<long[]> reduced) {
        this.kept = kept.toArray(long[][]::new);
        boolean none = reduced.isEmpty();
        this.runLength = none ? 1 : reduced.getLast()[0];
        this.runStride = none ? 1 : reduced.getLast()[1];
        this.reduced =
                none ? new long[0][] : reduced.subList(0, reduced.size() - 1).toArray(long[][]::new);
    }

    public static ReducedAxes of(Shape shape, boolean[] reduced) {
        List<List<long[]>> groups = List.of(new ArrayList<>(), new ArrayList<>());
        long[] strides = shape.strides();
        int last = -1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.dim(axis) == 1) {
                continue;
            }
            int kind = reduced[axis] ? 1 : 0;
            List<long[]> group = groups.get(kind);
            if (kind == last) {
                group.getLast()[0] *= shape.dim(axis);
            } else {
                group.add(new long[] {shape.dim(axis), strides[axis]});
            }
            last = kind;
        }
        return new ReducedAxes(groups.get(0).reversed(), groups.get(1).reversed());
    }

    private static long product(long[][] axes) {
        long product = 1;
        for (long[] axis : axes) {
            product *= axis[0];
        }
        return product;
    }

    private static long position(long[][] axes, long flat) {
        long position = 0;
        long rest = flat;
        for (int i = axes.length - 1; i >= 0; i--) {
            position += rest % axes[i][0] * axes[i][1];
            rest /= axes[i][0];
        }
        return position;
    }

    /** How many merged axes are kept. */
    public int keptAxes() {
        return kept.length;
    }

    /** Over how many merged axes the runs of an output lie. */
    public int runAxes() {
        return reduced.length;
    }

    /** Extent and stride of each kept axis, then of each axis over which the runs lie, outermost first. */
    public long[] pairs() {
        return Stream.of(kept, reduced)
                .flatMap(Stream::of)
                .flatMapToLong(LongStream::of)
                .toArray();
    }

    public long outputs() {
        return product(kept);
    }

    /** Elements that make one output. */
    public long count() {
        return runs() * runLength;
    }

    public long runs() {
        return product(reduced);
    }

    public int runLength() {
        return Math.toIntExact(runLength);
    }

    public long runStride() {
        return runStride;
    }

    /** Index of the first element of a run of an output. */
    public long runStart(long output, long run) {
        return position(kept, output) + position(reduced, run);
    }
}
