package dev.octet.io;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Optional;

/**
 * A file that appears whole or not at all: written under a temporary name beside its target, synced, then renamed.
 *
 * <p>Closing without {@link #commit} deletes what was written and leaves the target as it was, and so does the end of the
 * process; see {@link OutputFiles} for several that belong together. An existing target is replaced and its permissions
 * kept, a link followed. A target that is a device or a pipe, such as {@code /dev/stdout}, cannot be renamed onto and is
 * written directly. Not thread-safe.
 */
public final class AtomicFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path target;
    private final Path real;
    private final Optional<TemporaryFile> temporary;
    private final FileChannel channel;
    private final OutputStream out;
    private boolean committed;

    private AtomicFile(Path target, Path real, Optional<TemporaryFile> temporary, FileChannel channel) {
        this.target = target;
        this.real = real;
        this.temporary = temporary;
        this.channel = channel;
        this.out = new BufferedOutputStream(new Storage(), BUFFER_BYTES);
    }

    /** Says which file it is that cannot be written. */
    private final class Storage extends OutputStream {
        private final OutputStream bytes = Channels.newOutputStream(channel);

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] content, int offset, int length) throws IOException {
            try {
                bytes.write(content, offset, length);
            } catch (IOException e) {
                throw OutputException.storage(target, e);
            }
        }
    }

    /**
     * Opens a temporary file beside {@code target}.
     *
     * @throws OutputException if {@code target} is a folder or write-protected, or its folder does not exist or may not
     *     be written to
     */
    public static AtomicFile create(Path target) throws OutputException {
        try {
            return open(target);
        } catch (IOException e) {
            throw OutputException.target(target, e);
        }
    }

    /**
     * Finds out now whether a file can be created that is to be written much later.
     *
     * @throws OutputException as {@link #create}
     */
    public static void check(Path target) throws OutputException {
        if (!Files.exists(target) || Files.isRegularFile(target) || Files.isDirectory(target)) {
            create(target).close();
        }
    }

    private static AtomicFile open(Path target) throws IOException {
        boolean exists = Files.exists(target);
        Path real = exists ? target.toRealPath() : target.toAbsolutePath();
        if (Files.isDirectory(real)) {
            throw OutputException.target(target, "it is a folder; name a file in it");
        }
        if (exists && !Files.isWritable(real)) {
            throw OutputException.target(target, "it is write-protected");
        }
        if (exists && !Files.isRegularFile(real)) {
            return new AtomicFile(target, real, Optional.empty(), FileChannel.open(real, StandardOpenOption.WRITE));
        }
        if (!exists) {
            requirePossible(real);
        }
        Path folder = folderOf(real);
        if (!Files.isDirectory(folder)) {
            throw OutputException.target(target, "there is no folder " + folder);
        }
        TemporaryFile temporary = TemporaryFile.create(folder);
        try {
            if (exists) {
                copyPermissions(real, temporary.path());
            }
            return new AtomicFile(target, real, Optional.of(temporary), temporary.channel());
        } catch (IOException e) {
            temporary.close();
            throw e;
        }
    }

    /**
     * Refuses a name that only renaming would find too long, since other files might have been renamed by then, and a
     * link to nothing, which renaming would replace.
     */
    private static void requirePossible(Path real) throws IOException {
        try {
            Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            throw new IOException("it is a link to what does not exist");
        } catch (NoSuchFileException _) {
            // As it should be.
        }
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(Files.getPosixFilePermissions(from, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** Writes a whole file. */
    public static void write(Path target, byte[] content) throws OutputException {
        try (OutputFiles files = new OutputFiles()) {
            files.write(target, content);
            files.commit();
        }
    }

    /** Writes a whole text file as UTF-8. */
    public static void write(Path target, String content) throws OutputException {
        write(target, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the content goes; buffered, and flushed by {@link #commit}. */
    public OutputStream out() {
        return out;
    }

    /** The file that is replaced: absolute, links followed. */
    Path real() {
        return real;
    }

    /** Whether the file gets its name by {@link #commit}; false for a device, which has it already. */
    boolean isReplaced() {
        return temporary.isPresent();
    }

    /**
     * Syncs the content to the disk and renames it to the target's name. Nothing more can be written after.
     *
     * @throws IllegalStateException if it was committed before
     */
    public void commit() throws OutputException {
        commit(List.of(this));
    }

    /** Commits files together: all are synced before the first is renamed. */
    static void commit(List<AtomicFile> files) throws OutputException {
        for (AtomicFile file : files) {
            file.sync();
        }
        for (AtomicFile file : files) {
            file.committed = true;
        }
        List<TemporaryFile.Renaming> renamings = files.stream()
                .flatMap(file -> file.temporary.map(temp -> new TemporaryFile.Renaming(temp, file.real)).stream())
                .toList();
        Path last = files.isEmpty() ? Path.of("") : files.getLast().target;
        try {
            TemporaryFile.renameAll(renamings);
        } catch (IOException e) {
            throw OutputException.storage(last, e);
        }
        renamings.stream()
                .map(renaming -> folderOf(renaming.target()))
                .distinct()
                .forEach(AtomicFile::syncFolder);
        for (AtomicFile file : files) {
            file.close();
        }
    }

    /** What was written so far; 0 for a device. */
    long sizeBytes() throws OutputException {
        try {
            out.flush();
            return temporary.isPresent() ? channel.size() : 0;
        } catch (IOException e) {
            throw OutputException.storage(target, e);
        }
    }

    private void sync() throws OutputException {
        if (committed) {
            throw new IllegalStateException(target + " was committed before");
        }
        try {
            out.flush();
            if (temporary.isPresent()) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw OutputException.storage(target, e);
        }
    }

    /** Makes renames durable too; some systems cannot open a folder, and then they are durable a little later. */
    private static void syncFolder(Path path) {
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException _) {
            // The files are whole under their names either way.
        }
    }

    /** Deletes what was written unless it was committed. */
    @Override
    public void close() throws OutputException {
        try {
            channel.close();
            if (temporary.isPresent()) {
                temporary.get().close();
            }
        } catch (IOException e) {
            throw OutputException.storage(target, e);
        }
    }

    private static Path folderOf(Path absolute) {
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }
}
