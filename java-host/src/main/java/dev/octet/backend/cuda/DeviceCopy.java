package dev.octet.backend.cuda;

import dev.octet.graph.op.StridedMove;
import dev.octet.graph.op.StridedMove.Axis;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * One copy between two strided views, by {@code copy.cu}: what Transpose, Slice, Expand, Concat and their kin come down
 * to. Target places must be distinct; source places may repeat (stride 0) or run backwards.
 */
final class DeviceCopy {
    /*
     * Axes are sorted by target stride, so that neighbouring threads write neighbouring places, and merged. A run that
     * both views have is moved in elements of up to 16 bytes, as far as all distances allow; tensors start at multiples
     * of 16 bytes. Where the source's runs lie along another axis than the target's, tiles are transposed.
     */
    private static final int MAX_ELEMENT_BYTES = 16;

    /** Below this extent a tile of 32 x 32 is mostly empty. */
    private static final long MIN_TILED_EXTENT = 16;

    private static final int TILE = 32;
    private static final int TILE_THREADS = 256;
    private static final int MAX_TILE_BLOCKS = 8192;

    private static final int SOURCE = 0;
    private static final int TARGET = 1;

    private final KernelFunction function;
    private final Grid grid;
    private final long[] axes;
    private final long[] sizes;
    private final long fromBytes;
    private final long toBytes;
    private final boolean empty;

    DeviceCopy(CudaDevice device, int elementBytes, StridedMove move) {
        StridedAxes walk = sorted(move);
        this.fromBytes = move.from() * elementBytes;
        this.toBytes = move.to() * elementBytes;
        this.empty = walk.count() == 0;
        OptionalInt column = tiledColumn(walk);
        if (column.isPresent()) {
            int bits = elementBytes * Byte.SIZE;
            StridedAxes batches = without(walk, column.getAsInt());
            int inner = walk.rank() - 1;
            long rows = walk.innerExtent();
            long columns = walk.extents()[column.getAsInt()];
            this.function = device.function("octet_simt_transpose_b" + bits);
            this.axes = batches.fields();
            this.sizes = new long[] {
                batches.count(), rows, columns, walk.strides()[SOURCE][inner], walk.strides()[TARGET][column.getAsInt()]
            };
            long tiles = batches.count() * Math.ceilDiv(rows, TILE) * Math.ceilDiv(columns, TILE);
            this.grid = new Grid(Math.clamp(tiles, 1, MAX_TILE_BLOCKS), 1, 1, TILE_THREADS, 0);
        } else {
            int width = StridedAxes.commonWidth(MAX_ELEMENT_BYTES / elementBytes, distances(walk, move));
            StridedAxes units = divided(walk, width);
            this.function = device.function("octet_simt_copy_b" + width * elementBytes * Byte.SIZE);
            this.axes = units.fields();
            this.sizes = new long[] {units.count()};
            this.grid = Grid.elements(units.count(), 1);
        }
    }

    private static StridedAxes sorted(StridedMove move) {
        List<Axis> sorted = new ArrayList<>(move.axes());
        sorted.sort(Comparator.comparingLong(Axis::toStride).reversed());
        return StridedAxes.of(
                sorted.stream().mapToLong(Axis::extent).toArray(),
                sorted.stream().mapToLong(Axis::fromStride).toArray(),
                sorted.stream().mapToLong(Axis::toStride).toArray());
    }

    /** Whether kernels can take as many axes, and elements of this type. */
    static boolean supports(DType dtype, StridedMove move) {
        return dtype.bits() >= Byte.SIZE && sorted(move).rank() <= StridedAxes.MAX_RANK;
    }

    /** The axis along which the source's runs lie, if tiles should be transposed. */
    private static OptionalInt tiledColumn(StridedAxes walk) {
        boolean rowFits = walk.innerStride(TARGET) == 1
                && Math.abs(walk.innerStride(SOURCE)) > 1
                && walk.innerExtent() >= MIN_TILED_EXTENT;
        return IntStream.range(0, walk.rank() - 1)
                .filter(axis ->
                        rowFits && walk.strides()[SOURCE][axis] == 1 && walk.extents()[axis] >= MIN_TILED_EXTENT)
                .findFirst();
    }

    /** All axes but a column and the innermost. */
    private static StridedAxes without(StridedAxes walk, int column) {
        int[] kept = IntStream.range(0, walk.rank() - 1)
                .filter(axis -> axis != column)
                .toArray();
        return StridedAxes.of(
                pick(walk.extents(), kept), pick(walk.strides()[SOURCE], kept), pick(walk.strides()[TARGET], kept));
    }

    private static long[] pick(long[] values, int[] places) {
        return IntStream.of(places).mapToLong(place -> values[place]).toArray();
    }

    /** What the size of elements must divide: 1 where there are no runs. */
    private static LongStream distances(StridedAxes walk, StridedMove move) {
        if (walk.innerStride(SOURCE) != 1 || walk.innerStride(TARGET) != 1) {
            return LongStream.of(1);
        }
        int outer = walk.rank() - 1;
        return LongStream.concat(
                LongStream.of(move.from(), move.to(), walk.innerExtent()),
                LongStream.concat(
                        LongStream.of(walk.strides()[SOURCE]).limit(outer),
                        LongStream.of(walk.strides()[TARGET]).limit(outer)));
    }

    /** The walk over elements {@code width} times as large, of which runs consist. */
    private static StridedAxes divided(StridedAxes walk, int width) {
        int inner = walk.rank() - 1;
        long[] extents = walk.extents().clone();
        extents[inner] /= width;
        long[][] strides = {walk.strides()[SOURCE].clone(), walk.strides()[TARGET].clone()};
        for (long[] ofTensor : strides) {
            for (int axis = 0; axis < inner; axis++) {
                ofTensor[axis] /= width;
            }
        }
        return new StridedAxes(extents, strides);
    }

    void enqueue(Tensor from, Tensor to, CudaStream stream) {
        if (empty) {
            return;
        }
        KernelParams params = new KernelParams()
                .s64(from.data().address() + fromBytes)
                .s64(to.data().address() + toBytes)
                .structure(axes);
        for (long size : sizes) {
            params.s64(size);
        }
        function.launch(stream, grid, params);
    }
}
