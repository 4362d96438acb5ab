package dev.octet.data;

import dev.octet.tensor.InputException;
import java.util.List;

/** A fixed sequence of samples, read when asked for. Safe to use from several threads at once. */
public interface Dataset {
    int size();

    /**
     * Reads a sample: the same values every time.
     *
     * @param index in [0, size)
     * @throws InputException naming the file that cannot be read
     */
    Sample sample(int index);

    /**
     * SHA-256, in lower-case hexadecimal, of the bytes of all files the samples come from, in their order, and of the
     * options that shape them. Reads the files.
     */
    String contentSha256();

    /** What was left out because it could not be read: one line a file. */
    default List<String> skipped() {
        return List.of();
    }

    /** The samples joined, {@code batchSize} at a time, the last batch maybe smaller; read ahead on other threads. */
    default Iterable<Batch> batches(int batchSize) {
        return () -> new Batches(this, batchSize);
    }
}
