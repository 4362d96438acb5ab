package dev.octet.backend.cpu;

import dev.octet.tensor.Shape;

/**
 * Which scale each element of a quantized tensor has: the tensor is cut into runs of neighbours, and a run has one scale
 * or one scale an element.
 *
 * @param length elements of a run
 * @param axisExtent runs along the axis; 1 if there is one scale
 * @param blockSize runs that share their scales
 * @param stepped whether the elements of a run have scales of their own
 */
record ScaleRuns(long elements, long length, long axisExtent, long blockSize, boolean stepped) {
    /**
     * The runs of a tensor.
     *
     * @param scales number of scales
     * @param axis of per-axis and blocked scales; ignored if there is one scale
     * @param blockSize 0 without blocks
     */
    static ScaleRuns of(Shape shape, long scales, long axis, long blockSize) {
        long count = shape.elementCount();
        if (blockSize == 0 && scales == 1) {
            return new ScaleRuns(count, count, 1, 1, false);
        }
        int at = shape.axis(axis);
        long inner = shape.product(at + 1, shape.rank());
        return new ScaleRuns(count, inner, shape.dim(at), Math.max(1, blockSize), blockSize > 0);
    }

    long count() {
        return length == 0 ? 0 : elements / length;
    }

    /** The index of the scale of a run's first element. */
    long scale(long run) {
        long block = run % axisExtent / blockSize;
        if (!stepped) {
            return block;
        }
        long blocks = Math.ceilDiv(axisExtent, blockSize);
        return (run / axisExtent * blocks + block) * length;
    }
}
