package dev.octet.runtime;

/** The memory of one run of a program, used by the next when that has ended. */
interface RunMemory extends AutoCloseable {
    /** Forgets the last run. */
    void reset();

    @Override
    void close();
}
