package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;

/**
 * Splits elementwise work. Chunks have a fixed size, a multiple of eight elements, so that no two of them share a byte
 * of a packed type and no result depends on the number of threads.
 */
final class Chunks {
    static final int SIZE = 1 << 14;

    /** What is done with elements {@code from} (inclusive) to {@code to} (exclusive); at most {@link #SIZE} of them. */
    interface Body {
        void run(long from, long to);
    }

    private Chunks() {}

    static void forEach(Workers workers, long count, Body body) {
        if (count <= SIZE) {
            if (count > 0) {
                body.run(0, count);
            }
            return;
        }
        workers.forEach(Math.toIntExact(Math.ceilDiv(count, SIZE)), task -> {
            long from = (long) task * SIZE;
            body.run(from, Math.min(count, from + SIZE));
        });
    }

    /** Runs {@code body} for rows 0 .. {@code rows}-1, several to a task where rows are short. */
    static void forEachRow(Workers workers, long rows, long rowLength, java.util.function.LongConsumer body) {
        long rowsPerTask = Math.max(1, SIZE / Math.max(1, rowLength));
        if (rows <= rowsPerTask) {
            for (long row = 0; row < rows; row++) {
                body.accept(row);
            }
            return;
        }
        workers.forEach(Math.toIntExact(Math.ceilDiv(rows, rowsPerTask)), task -> {
            long to = Math.min(rows, (task + 1L) * rowsPerTask);
            for (long row = task * rowsPerTask; row < to; row++) {
                body.accept(row);
            }
        });
    }
}
