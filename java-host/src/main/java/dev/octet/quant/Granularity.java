package dev.octet.quant;

/** How many elements of a tensor share one scale. */
public sealed interface Granularity {
    /** One scale for the whole tensor. */
    Granularity PER_TENSOR = new PerTensor();

    /** One scale for each element: the limit of {@link PerBlock} with blocks of one along the last axis. */
    Granularity PER_ELEMENT = new PerBlock(-1, 1);

    /** One scale for the whole tensor. */
    record PerTensor() implements Granularity {}

    /**
     * One scale for each slice along an axis: a row, column, channel, token or embedding.
     *
     * @param axis a negative one counts from the end
     */
    record PerAxis(int axis) implements Granularity {}

    /**
     * One scale for each run of {@code blockSize} elements along an axis; the last run may be shorter.
     *
     * @param axis a negative one counts from the end
     */
    record PerBlock(int axis, int blockSize) implements Granularity {
        public PerBlock {
            if (blockSize < 1) {
                throw new IllegalArgumentException("block size " + blockSize + " is not positive");
            }
        }
    }
}
