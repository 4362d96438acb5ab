package dev.octet.backend.cpu;

/** Where finished rows go: bias, requantization and the rest of an epilogue, then the store. Safe for many threads. */
interface RowSink {
    /**
     * Stores a row of neighbours in the output.
     *
     * @param outIndex index of the first element in the output
     * @param channel channel of the first element
     * @param channelStep 1 where the columns are channels, starting over behind the last one; 0 where all have the same
     */
    void store(RowAccumulator row, long outIndex, int channel, int channelStep);
}
