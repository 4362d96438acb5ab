package dev.octet.runtime;

import java.lang.foreign.MemorySegment;

/**
 * Work in order on a device, and the memory of one run at a time. Nothing enqueued has happened before {@link #finish}
 * returns. Used by one thread at a time. Every method throws {@link dev.octet.tensor.BackendException} where the device
 * fails; after that the lane can only be closed.
 */
public interface Lane extends AutoCloseable {
    /** Device addresses. */
    MemorySegment memory();

    /** Host memory, readable and writable here. */
    MemorySegment staging();

    /** Enqueues a copy from a part of {@link #staging} to a part of {@link #memory} of the same size. */
    void upload(MemorySegment staging, MemorySegment device);

    /** Enqueues a copy from a part of {@link #memory} to a part of {@link #staging} of the same size. */
    void download(MemorySegment device, MemorySegment staging);

    /**
     * Enqueues what {@code work} enqueues: the first times by calling it, later by repeating a record of what it did. To be
     * given the same work every time.
     */
    void repeat(Runnable work);

    /** Names what this thread enqueues until {@link #closeRange}, for profilers that listen. */
    default void openRange(String name) {}

    /** Ends the last open range. */
    default void closeRange() {}

    /** Enqueues taking the time. */
    void mark(int number);

    /** The time between two marks of the same run, after {@link #finish}. */
    long elapsedNanos(int from, int to);

    /** Waits until all that was enqueued has happened. */
    void finish();

    /** Frees the lane's memory. Never throws. */
    @Override
    void close();
}
