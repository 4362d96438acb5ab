package dev.octet.fuzz;

import dev.octet.tensor.OctetException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something that reads bytes it cannot trust.
 *
 * @param seeds well-formed bytes to mutate
 * @param mutation how bytes are changed
 */
record FuzzTarget(String name, Reader reader, List<byte[]> seeds, Mutation mutation) {
    FuzzTarget {
        seeds = List.copyOf(seeds);
    }

    /** What is fed. */
    interface Reader {
        /**
         * Reads the bytes, from a file or as they are.
         *
         * @param folder to write files to
         */
        void read(byte[] bytes, Path folder) throws IOException;
    }

    /** How bytes become others. */
    interface Mutation {
        byte[] mutate(byte[] seed, List<byte[]> others, java.util.Random random);
    }

    /** What comes out that may not: anything but a result, a fault with a message for the user, or an I/O fault. */
    Optional<Throwable> feed(byte[] bytes, Path folder) {
        try {
            reader.read(bytes, folder);
            return Optional.empty();
        } catch (OctetException | IOException e) {
            return Optional.ofNullable(e.getMessage()).isPresent() ? Optional.empty() : Optional.of(e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            return Optional.of(e);
        }
    }
}
