package dev.octet.io;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears whole or not at all: written under a temporary name beside its target, synced, then renamed.
 *
 * <p>Closing without {@link #commit} deletes what was written and leaves the target as it was; so several files that
 * belong together are written first and committed last. An existing target is replaced, a link followed. A target that
 * is a device or a pipe, such as {@code /dev/stdout}, cannot be renamed onto and is written directly. Not thread-safe.
 */
public final class AtomicFile implements Closeable {
    private static final int ATTEMPTS = 16;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path target;
    private final Path written;
    private final FileChannel channel;
    private final OutputStream out;
    private boolean committed;

    private AtomicFile(Path target, Path written, FileChannel channel) {
        this.target = target;
        this.written = written;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /**
     * Opens a temporary file beside {@code target}.
     *
     * @throws NoSuchFileException if the folder does not exist
     * @throws FileSystemException if {@code target} is a folder
     */
    public static AtomicFile create(Path target) throws IOException {
        Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        if (Files.isDirectory(real)) {
            throw new FileSystemException(target.toString(), null, "is a folder; name a file in it");
        }
        if (Files.exists(real) && !Files.isRegularFile(real)) {
            return new AtomicFile(real, real, FileChannel.open(real, StandardOpenOption.WRITE));
        }
        Path folder = folderOf(real);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        for (int attempt = 1; ; attempt++) {
            String suffix =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
            Path temporary = folder.resolve("." + real.getFileName() + "." + suffix + ".tmp");
            try {
                FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                return new AtomicFile(real, temporary, channel);
            } catch (FileAlreadyExistsException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Writes a whole file. */
    public static void write(Path target, byte[] content) throws IOException {
        try (AtomicFile file = create(target)) {
            file.out().write(content);
            file.commit();
        }
    }

    /** Writes a whole text file as UTF-8. */
    public static void write(Path target, String content) throws IOException {
        write(target, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the content goes; buffered, and flushed by {@link #commit}. */
    public OutputStream out() {
        return out;
    }

    /**
     * Syncs the content to the disk and renames it to the target's name. Nothing more can be written after.
     *
     * @throws IllegalStateException if it was committed before
     */
    public void commit() throws IOException {
        if (committed) {
            throw new IllegalStateException(target + " was committed before");
        }
        out.flush();
        if (isDirect()) {
            channel.close();
        } else {
            channel.force(true);
            channel.close();
            rename();
            syncFolder();
        }
        committed = true;
    }

    private void rename() throws IOException {
        try {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes the rename durable too; some systems cannot open a folder, and then it is durable a little later. */
    private void syncFolder() {
        try (FileChannel folder = FileChannel.open(folderOf(target), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException _) {
            // The file is whole under its name either way.
        }
    }

    /** Deletes what was written unless it was committed. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed && !isDirect()) {
            Files.deleteIfExists(written);
        }
    }

    private boolean isDirect() {
        return written.equals(target);
    }

    private static Path folderOf(Path absolute) {
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }
}
