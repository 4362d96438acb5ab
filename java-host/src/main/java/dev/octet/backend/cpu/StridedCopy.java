package dev.octet.backend.cpu;

import dev.octet.graph.op.StridedMove;
import dev.octet.graph.op.StridedMove.Axis;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy between two strided views: what Transpose, Slice, Expand, Concat and their kin come down to. Target places must
 * be distinct; source places may repeat (stride 0).
 */
final class StridedCopy {
    /*
     * What remains innermost of the simplified move decides: a run in both views is copied in bulk, a repeated element is
     * filled, and where the source runs along another axis than the target, both are walked in tiles of TILE x TILE
     * elements so that each cache line read is used whole. Work is cut into units of one innermost loop nest, spread over
     * the workers when there is enough.
     */
    private static final int TILE = 32;

    /** Rows of a block whose few columns stay in the first-level cache together. */
    private static final int FEW_COLUMNS_BLOCK = 512;

    /** Below this many elements threads cost more than they save. */
    private static final long MIN_PARALLEL_ELEMENTS = 1 << 14;

    private final long from;
    private final long to;
    private final List<Axis> outer = new ArrayList<>();
    private Axis row = new Axis(1, 1, 1);
    private Axis column = new Axis(1, 1, 1);
    private final int rowBlock;
    private final boolean empty;

    /** Plans a copy. */
    StridedCopy(StridedMove move) {
        this.from = move.from();
        this.to = move.to();
        this.empty = move.isEmpty();
        outer.addAll(move.simplified().axes());
        if (!outer.isEmpty()) {
            column = outer.removeLast();
        }
        if (column.fromStride() != 1 && column.fromStride() != 0) {
            for (int i = outer.size() - 1; i >= 0; i--) {
                if (outer.get(i).fromStride() == 1) {
                    row = outer.remove(i);
                    break;
                }
            }
        }
        rowBlock = column.extent() < TILE / 2 ? FEW_COLUMNS_BLOCK : TILE;
    }

    void run(Tensor source, Tensor target, Workers workers) {
        if (empty) {
            return;
        }
        ElementMover mover = new ElementMover(source, target);
        long rowTiles = Math.ceilDiv(row.extent(), rowBlock);
        long units = rowTiles;
        for (Axis axis : outer) {
            units *= axis.extent();
        }
        long unitCount = units;
        long elements = units * column.extent() * Math.min(row.extent(), rowBlock);
        if (workers.count() == 1 || elements < MIN_PARALLEL_ELEMENTS || !ElementMover.isSplittable(source.dtype())) {
            runUnits(mover, 0, unitCount);
            return;
        }
        int tasks = (int) Math.min(unitCount, workers.count() * 4L);
        workers.forEach(
                tasks, task -> runUnits(mover, share(unitCount, task, tasks), share(unitCount, task + 1, tasks)));
    }

    private static long share(long units, int task, int tasks) {
        return units / tasks * task + units % tasks * task / tasks;
    }

    private void runUnits(ElementMover mover, long first, long end) {
        long rowTiles = Math.ceilDiv(row.extent(), rowBlock);
        long[] position = new long[outer.size()];
        long source = from;
        long target = to;
        long rest = first / rowTiles;
        for (int i = outer.size() - 1; i >= 0; i--) {
            Axis axis = outer.get(i);
            position[i] = rest % axis.extent();
            rest /= axis.extent();
            source += position[i] * axis.fromStride();
            target += position[i] * axis.toStride();
        }
        long tile = first % rowTiles;
        for (long unit = first; unit < end; unit++) {
            inner(mover, source, target, tile * rowBlock);
            tile++;
            if (tile < rowTiles) {
                continue;
            }
            tile = 0;
            for (int i = outer.size() - 1; i >= 0; i--) {
                Axis axis = outer.get(i);
                source += axis.fromStride();
                target += axis.toStride();
                if (++position[i] < axis.extent()) {
                    break;
                }
                source -= axis.extent() * axis.fromStride();
                target -= axis.extent() * axis.toStride();
                position[i] = 0;
            }
        }
    }

    private void inner(ElementMover mover, long source, long target, long firstRow) {
        if (row.extent() > 1) {
            tiles(mover, source, target, firstRow);
        } else if (column.toStride() == 1 && column.fromStride() == 1) {
            mover.copy(source, target, column.extent());
        } else if (column.toStride() == 1 && column.fromStride() == 0) {
            mover.fill(source, target, column.extent());
        } else {
            mover.strided(source, column.fromStride(), target, column.toStride(), column.extent());
        }
    }

    /** One block of rows in tiles; few columns, such as colours, are walked along the rows instead. */
    private void tiles(ElementMover mover, long source, long target, long firstRow) {
        long rows = Math.min(rowBlock, row.extent() - firstRow);
        long from = source + firstRow * row.fromStride();
        long to = target + firstRow * row.toStride();
        if (column.extent() < TILE / 2) {
            for (long c = 0; c < column.extent(); c++) {
                mover.strided(
                        from + c * column.fromStride(),
                        row.fromStride(),
                        to + c * column.toStride(),
                        row.toStride(),
                        rows);
            }
            return;
        }
        for (long at = 0; at < column.extent(); at += TILE) {
            long count = Math.min(TILE, column.extent() - at);
            for (long r = 0; r < rows; r++) {
                mover.strided(
                        from + r * row.fromStride() + at * column.fromStride(),
                        column.fromStride(),
                        to + r * row.toStride() + at * column.toStride(),
                        column.toStride(),
                        count);
            }
        }
    }
}
