package dev.octet.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files that appear together: all are written and synced before the first one takes its name, so a failure on the way
 * leaves every target as it was, and so does a signal. Each file is replaced whole; only a crash between two renames,
 * which follow each other at once, can leave some of them new and the others old. A file that refers to another is
 * therefore added after it, and refers to it by a name that no older file has. Not thread-safe.
 */
public final class OutputFiles implements Closeable {
    private final List<AtomicFile> files = new ArrayList<>();
    private final List<Path> obsolete = new ArrayList<>();

    /**
     * Opens a file to be written.
     *
     * @return closed with this
     * @throws OutputException as {@link AtomicFile#create}, and if the target was added before
     */
    public AtomicFile add(Path target) throws OutputException {
        AtomicFile file = AtomicFile.create(target);
        boolean twice = file.isReplaced()
                && files.stream().anyMatch(other -> other.real().equals(file.real()));
        files.add(file);
        if (twice) {
            throw OutputException.target(target, "two outputs have this name");
        }
        return file;
    }

    /** Adds a file with this content. */
    public void write(Path target, byte[] content) throws OutputException {
        AtomicFile file = add(target);
        try {
            file.out().write(content);
        } catch (IOException e) {
            throw OutputException.storage(target, e);
        }
    }

    /** Adds a text file in UTF-8. */
    public void write(Path target, String content) throws OutputException {
        write(target, content.getBytes(StandardCharsets.UTF_8));
    }

    /** What was written so far to all of them. */
    public long sizeBytes() throws OutputException {
        long sum = 0;
        for (AtomicFile file : files) {
            sum += file.sizeBytes();
        }
        return sum;
    }

    /** Marks a file that nothing refers to once the others are in place; it is deleted then. */
    public void drop(Path file) {
        obsolete.add(file);
    }

    /** Gives all files their names, in the order in which they were added. */
    public void commit() throws OutputException {
        AtomicFile.commit(files);
        for (Path file : obsolete) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException _) {
                // It only takes room, and the next writer of the same outputs tries again.
            }
        }
    }

    /** Deletes what was written unless it was committed. */
    @Override
    public void close() throws OutputException {
        Optional<OutputException> failure = Optional.empty();
        for (AtomicFile file : files) {
            try {
                file.close();
            } catch (OutputException e) {
                failure = Optional.of(failure.orElse(e));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
