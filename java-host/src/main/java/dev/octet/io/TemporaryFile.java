package dev.octet.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A file of this process that is gone after {@link #close}, after the process was told to end, and otherwise, as after a
 * power failure, once a later process creates one in the same folder. Not thread-safe, but many may be open at once.
 *
 * <p>Its process holds a lock on it, which the system drops with the process however that ends. A file named like one
 * that nobody has locked is therefore left over and deleted. A new one can be taken for left over between its creation
 * and its lock: its creator finds it locked or gone then, and takes another name.
 */
public final class TemporaryFile implements Closeable {
    private static final String GLOB = ".octet-*.tmp";
    private static final Pattern NAME = Pattern.compile("[.]octet-[0-9a-f]{16}[.]tmp");
    private static final int ATTEMPTS = 16;

    /**
     * Files of this process; also guards their creation, renaming and deletion. Opening one a second time and closing it
     * would drop its lock.
     */
    private static final Set<Path> OPEN = new HashSet<>();

    private static boolean ending;

    private final Path path;
    private final FileChannel channel;

    private TemporaryFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Registered with the first file: deletes those still open when the process ends. */
    private static final class AtExit {
        static {
            Runtime.getRuntime().addShutdownHook(new Thread(TemporaryFile::deleteAll, "octet-temporary-files"));
        }

        private AtExit() {}

        static void register() {
            // Loading the class has done it.
        }
    }

    private static void deleteAll() {
        synchronized (OPEN) {
            ending = true;
            OPEN.forEach(TemporaryFile::deleteQuietly);
        }
    }

    private static void requireRunning() throws IOException {
        if (ending) {
            throw new IOException("the process is ending");
        }
    }

    /** Creates an empty file under a new name, and deletes what others left in the folder. */
    public static TemporaryFile create(Path folder) throws IOException {
        Path real = folder.toRealPath();
        synchronized (OPEN) {
            requireRunning();
            AtExit.register();
            deleteLeftovers(real);
            for (int attempt = 1; ; attempt++) {
                String digits =
                        HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
                Path path = real.resolve(".octet-" + digits + ".tmp");
                try {
                    FileChannel channel =
                            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    if (lock(channel) && Files.exists(path)) {
                        OPEN.add(path);
                        return new TemporaryFile(path, channel);
                    }
                    channel.close();
                } catch (FileAlreadyExistsException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Whether the file is ours now; where a file system has no locks, nobody finds files left over either. */
    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException _) {
            return true;
        }
    }

    private static void deleteLeftovers(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, GLOB)) {
            for (Path file : files) {
                if (NAME.matcher(file.getFileName().toString()).matches() && !OPEN.contains(file)) {
                    deleteIfUnlocked(file);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // They stay for another time; what was asked for does not need them gone.
        }
    }

    private static void deleteIfUnlocked(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            if (channel.tryLock() != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | OverlappingFileLockException _) {
            // Somebody else's: not to be opened, or in use.
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // A later process finds it.
        }
    }

    public Path path() {
        return path;
    }

    /** Where the content goes; not buffered. */
    public OutputStream out() {
        return Channels.newOutputStream(channel);
    }

    /** Open for writing until {@link #close}. */
    FileChannel channel() {
        return channel;
    }

    /** Gives several files their names, in this order; the process' end waits for all or comes before all. */
    static void renameAll(Iterable<Renaming> renamings) throws IOException {
        synchronized (OPEN) {
            for (Renaming renaming : renamings) {
                requireRunning();
                Files.move(renaming.file.path, renaming.target, StandardCopyOption.ATOMIC_MOVE);
                OPEN.remove(renaming.file.path);
            }
        }
    }

    /** A file and what it is to be called, in the same folder. */
    record Renaming(TemporaryFile file, Path target) {}

    /** Deletes the file, unless it was renamed. */
    @Override
    public void close() throws IOException {
        synchronized (OPEN) {
            try (channel) {
                if (OPEN.remove(path)) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
