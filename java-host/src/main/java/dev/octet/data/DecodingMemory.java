package dev.octet.data;

import dev.octet.tensor.JavaHeap;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Half of the Java heap, which images that are decoded at the same time share: more of them wait. Thread-safe.
 */
final class DecodingMemory {
    private static final long UNIT_BYTES = 1024;

    private final int units;
    private final Semaphore free;

    DecodingMemory() {
        this.units = (int) Math.min(Integer.MAX_VALUE, JavaHeap.limitBytes() / 2 / UNIT_BYTES);
        this.free = new Semaphore(units, true);
    }

    /** What takes the memory. */
    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Waits until there is enough memory, and keeps it while something is done; that must not ask for more.
     *
     * @throws IOException if there is never enough
     */
    <T> T holding(long bytes, Work<T> work) throws IOException {
        long needed = Math.ceilDiv(bytes, UNIT_BYTES);
        if (needed > units) {
            throw new IOException("decoding it takes " + bytes + " bytes, over half of " + JavaHeap.limit());
        }
        free.acquireUninterruptibly((int) needed);
        try {
            return work.run();
        } finally {
            free.release((int) needed);
        }
    }
}
