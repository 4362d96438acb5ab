package dev.octet.graph.op;

import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A copy between two strided views of dense tensors: what operators that only move elements come down to. Target places
 * are distinct; source places may repeat (stride 0).
 *
 * @param from element at which the source view starts
 * @param to element at which the target view starts
 * @param axes in any order; strides in elements
 */
public record StridedMove(long from, long to, List<Axis> axes) {
    /** An axis of both views. */
    public record Axis(long extent, long fromStride, long toStride) {}

    public StridedMove {
        axes = List.copyOf(axes);
    }

    /** Whether nothing is moved. */
    public boolean isEmpty() {
        return axes.stream().anyMatch(axis -> axis.extent == 0);
    }

    /** The same copy with as few axes as describe it, sorted by falling target stride: none of extent 1, neighbours joined. */
    public StridedMove simplified() {
        List<Axis> sorted = new ArrayList<>();
        for (Axis axis : axes) {
            if (axis.extent != 1) {
                sorted.add(axis);
            }
        }
        sorted.sort(
                Comparator.comparingLong((Axis axis) -> Math.abs(axis.toStride)).reversed());
        List<Axis> joined = new ArrayList<>();
        for (Axis inner : sorted) {
            Axis last = joined.isEmpty() ? new Axis(1, 0, 0) : joined.getLast();
            if (!joined.isEmpty()
                    && last.fromStride == inner.fromStride * inner.extent
                    && last.toStride == inner.toStride * inner.extent) {
                joined.set(joined.size() - 1, new Axis(last.extent * inner.extent, inner.fromStride, inner.toStride));
            } else {
                joined.add(inner);
            }
        }
        return new StridedMove(from, to, joined);
    }

    /** Output axis i is axis {@code order[i]} of {@code input}. */
    public static StridedMove permuted(Shape input, int... order) {
        long[] fromStrides = input.strides();
        List<Axis> axes = new ArrayList<>();
        long toStride = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            long extent = input.dim(order[i]);
            axes.add(new Axis(extent, fromStrides[order[i]], toStride));
            toStride *= extent;
        }
        return new StridedMove(0, 0, axes);
    }

    /** {@link Expand} and {@link Tile}: each input axis is walked as often as the output needs. */
    public static StridedMove repeated(Shape input, Shape output) {
        List<Axis> axes = new ArrayList<>();
        long[] fromStrides = input.strides();
        long[] toStrides = output.strides();
        int added = output.rank() - input.rank();
        for (int i = 0; i < output.rank(); i++) {
            long extent = i < added ? 1 : input.dim(i - added);
            long repeats = extent == 0 ? 0 : output.dim(i) / extent;
            long fromStride = i < added ? 0 : fromStrides[i - added];
            axes.add(new Axis(repeats, 0, toStrides[i] * extent));
            axes.add(new Axis(extent, fromStride, toStrides[i]));
        }
        return new StridedMove(0, 0, axes);
    }

    /** {@link Slice}: what {@code cuts} take of each axis. */
    public static StridedMove cut(Shape input, List<Slice.Cut> cuts) {
        long[] fromStrides = input.strides();
        long[] toStrides =
                Shape.of(cuts.stream().mapToLong(Slice.Cut::extent).toArray()).strides();
        List<Axis> axes = new ArrayList<>();
        long from = 0;
        for (int i = 0; i < toStrides.length; i++) {
            Slice.Cut cut = cuts.get(i);
            from += cut.start() * fromStrides[i];
            long step = cut.extent() > 1 ? cut.step() : 0;
            axes.add(new Axis(cut.extent(), step * fromStrides[i], toStrides[i]));
        }
        return new StridedMove(from, 0, axes);
    }

    /** {@link Concat} along an axis: one move a part. */
    public static List<StridedMove> joined(List<Shape> parts, Shape whole, int axis) {
        return rows(parts, whole, axis).stream()
                .map(row -> new StridedMove(
                        0,
                        row.start,
                        List.of(new Axis(row.count, row.length, row.wholeLength), new Axis(row.length, 1, 1))))
                .toList();
    }

    /** {@link Split} along an axis: one move a part. */
    public static List<StridedMove> parted(List<Shape> parts, Shape whole, int axis) {
        return rows(parts, whole, axis).stream()
                .map(row -> new StridedMove(
                        row.start,
                        0,
                        List.of(new Axis(row.count, row.wholeLength, row.length), new Axis(row.length, 1, 1))))
                .toList();
    }

    /** A part of each row of a whole: rows are the axes from the joined one on. */
    private record Rows(long count, long wholeLength, long start, long length) {}

    private static List<Rows> rows(List<Shape> parts, Shape whole, int axis) {
        List<Rows> rows = new ArrayList<>();
        long start = 0;
        for (Shape part : parts) {
            long length = part.product(axis, part.rank());
            rows.add(new Rows(whole.product(0, axis), whole.product(axis, whole.rank()), start, length));
            start += length;
        }
        return rows;
    }

    public static StridedMove of(DepthToSpace op, Shape x) {
        long block = op.blockSize();
        long channels = x.dim(op.channelAxis()) / (block * block);
        boolean blockFirst = op.order() == DepthToSpace.Order.DCR;
        if (op.layout() == Layout.CHANNELS_LAST) {
            return blockFirst
                    ? permuted(Shape.of(x.dim(0), x.dim(1), x.dim(2), block, block, channels), 0, 1, 3, 2, 4, 5)
                    : permuted(Shape.of(x.dim(0), x.dim(1), x.dim(2), channels, block, block), 0, 1, 4, 2, 5, 3);
        }
        return blockFirst
                ? permuted(Shape.of(x.dim(0), block, block, channels, x.dim(2), x.dim(3)), 0, 3, 4, 1, 5, 2)
                : permuted(Shape.of(x.dim(0), channels, block, block, x.dim(2), x.dim(3)), 0, 1, 4, 2, 5, 3);
    }

    public static StridedMove of(SpaceToDepth op, Shape x) {
        long block = op.blockSize();
        return permuted(
                Shape.of(x.dim(0), x.dim(1), x.dim(2) / block, block, x.dim(3) / block, block),
                new int[] {0, 3, 5, 1, 2, 4});
    }
}
