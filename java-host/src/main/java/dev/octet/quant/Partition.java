package dev.octet.quant;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/**
 * Which scale belongs to which element of a row-major tensor. The elements are walked in order as runs that share one
 * scale, so that callers loop over plain index ranges.
 */
record Partition(int count, long outer, long extent, long inner, int blockSize, boolean shareSides) {
    /** Receives a run of neighbouring elements that share a scale. */
    @FunctionalInterface
    interface RunVisitor {
        void run(int scaleIndex, long first, long length);
    }

    static Partition of(Shape shape, Granularity granularity) {
        return switch (granularity) {
            case Granularity.PerTensor() -> new Partition(1, 1, 1, shape.elementCount(), 1, true);
            case Granularity.PerAxis(int axis) -> perAxis(shape, shape.axis(axis));
            case Granularity.PerBlock(int axis, int blockSize) ->
                shape.rank() == 0 ? of(shape, Granularity.PER_TENSOR) : perBlock(shape, shape.axis(axis), blockSize);
        };
    }

    private static Partition perAxis(Shape shape, int axis) {
        int count = Math.toIntExact(shape.dim(axis));
        return new Partition(count, outer(shape, axis), count, inner(shape, axis), 1, true);
    }

    private static Partition perBlock(Shape shape, int axis, int blockSize) {
        long outer = outer(shape, axis);
        long extent = shape.dim(axis);
        long inner = inner(shape, axis);
        int count = Math.toIntExact(outer * Math.ceilDiv(extent, blockSize) * inner);
        return new Partition(count, outer, extent, inner, blockSize, false);
    }

    private static long outer(Shape shape, int axis) {
        return shape.product(0, axis);
    }

    private static long inner(Shape shape, int axis) {
        return shape.product(axis + 1, shape.rank());
    }

    /**
     * The partition that {@code params} describe for a tensor of this shape.
     *
     * @throws IllegalArgumentException if the axis or the number of scales does not fit
     */
    static Partition of(Shape shape, QuantParams params) {
        return switch (params) {
            case QuantParams.PerTensor _ -> of(shape, Granularity.PER_TENSOR);
            case QuantParams.PerAxis p -> checked(shape, of(shape, new Granularity.PerAxis(p.axis())), p.scales());
            case QuantParams.PerBlock p ->
                checked(shape, of(shape, new Granularity.PerBlock(p.axis(), p.blockSize())), p.scales());
        };
    }

    private static Partition checked(Shape shape, Partition partition, float[] scales) {
        if (scales.length != partition.count) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + partition.count + " scales but there are " + scales.length);
        }
        return partition;
    }

    void forEachRun(RunVisitor visitor) {
        boolean contiguousBlocks = !shareSides && inner == 1;
        long step = contiguousBlocks ? blockSize : 1;
        for (long o = 0; o < outer; o++) {
            for (long a = 0; a < extent; a += step) {
                long first = (o * extent + a) * inner;
                if (shareSides) {
                    visitor.run((int) a, first, inner);
                } else if (contiguousBlocks) {
                    visitor.run(blockIndex(o, a, 0), first, Math.min(blockSize, extent - a));
                } else {
                    for (long i = 0; i < inner; i++) {
                        visitor.run(blockIndex(o, a, i), first + i, 1);
                    }
                }
            }
        }
    }

    /** The elements of each group in order, as floats. */
    float[][] gather(Tensor tensor) {
        int[] sizes = new int[count];
        forEachRun((index, _, length) -> sizes[index] += (int) length);
        float[][] groups = new float[count][];
        for (int i = 0; i < count; i++) {
            groups[i] = new float[sizes[i]];
        }
        int[] filled = new int[count];
        forEachRun((index, first, length) -> {
            for (long i = first; i < first + length; i++) {
                groups[index][filled[index]++] = tensor.getFloat(i);
            }
        });
        return groups;
    }

    private int blockIndex(long o, long a, long i) {
        return (int) ((o * Math.ceilDiv(extent, blockSize) + a / blockSize) * inner + i);
    }
}
