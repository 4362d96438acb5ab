package dev.octet.runtime;

/** Where memory is counted that a device gives. Thread-safe. */
public interface MemoryAccount {
    /** Counts nothing. */
    MemoryAccount NONE = new MemoryAccount() {
        @Override
        public void reserve(String what, long need) {}

        @Override
        public void release(long sizeBytes) {}
    };

    /**
     * Counts memory that is about to be taken, until {@link #release}.
     *
     * @param what names what needs the memory
     * @throws dev.octet.graph.ModelException of kind LIMIT if that is more than there may be
     */
    void reserve(String what, long need);

    /** Counts memory no longer that was given back. */
    void release(long sizeBytes);
}
