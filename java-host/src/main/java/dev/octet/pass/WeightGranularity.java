package dev.octet.pass;

/** How many weights of a linear operator share a scale. */
public sealed interface WeightGranularity {
    /** One scale an output channel. */
    record PerChannel() implements WeightGranularity {}

    /** One scale for the whole weight. */
    record PerTensor() implements WeightGranularity {}

    /** One scale for each run of {@code blockSize} weights along the input channels. */
    record PerBlock(int blockSize) implements WeightGranularity {
        public PerBlock {
            if (blockSize < 1) {
                throw new IllegalArgumentException("block size " + blockSize + " is not positive");
            }
        }
    }
}
