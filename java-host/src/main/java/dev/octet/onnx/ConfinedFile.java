package dev.octet.onnx;

import dev.octet.graph.ModelException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens an ordinary file in a folder or below it, and never anything else: no symbolic link in any part, no special file,
 * no second hard link.
 *
 * <p>Where the system has openat (Linux, macOS), each part is opened relative to the open folder before it and without
 * following links, so renaming folders meanwhile leads nowhere else. Names can be given to other files between any two
 * steps, so what was opened is asked itself, by its {@link Descriptor}: it must have one link, and have the name that it was
 * opened by, and no link may have come or gone in between, which would have changed its ctime. Its one link is that name
 * then. Where the system shows no descriptors, the file's identity is compared before and after opening it, and whoever
 * exchanges it twice in between is not found out.
 *
 * <p>Opening a pipe waits for its other end, which Java cannot help. A file that becomes a pipe between the look at its
 * kind and its opening is given up after {@value #PATIENCE_SECONDS} s; the thread that waits stays until the process ends,
 * and no more than {@value #MAX_WAITING} threads open files at a time, those that wait so included.
 */
final class ConfinedFile {
    static final int PATIENCE_SECONDS = 5;
    static final int MAX_WAITING = 32;

    /** Whose permits are the threads that may open files now. */
    static final Semaphore OPENERS = new Semaphore(MAX_WAITING);

    /** More than the step of any clock that files are stamped with. */
    private static final long CLOCK_STEP_MILLIS = 20;

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path folder;
    private final Path relative;
    private final String shown;

    /** @param shown stands in front of messages and ends in a space */
    ConfinedFile(Path folder, Path relative, String shown) {
        this.folder = folder;
        this.relative = relative;
        this.shown = shown;
    }

    /**
     * Opens a file to read.
     *
     * @param relative without {@code ..}
     * @throws ModelException if it is missing or no ordinary file
     */
    static SeekableByteChannel open(Path folder, Path relative, String shown) throws IOException {
        return new ConfinedFile(folder, relative, shown).openInTime(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }

    SeekableByteChannel openInTime(long patienceMillis) throws IOException {
        CompletableFuture<SeekableByteChannel> opened = new CompletableFuture<>();
        try {
            if (!OPENERS.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
                throw ModelException.limit(
                        shown + "is not opened: " + MAX_WAITING + " files that became pipes do not open");
            }
            Thread.ofPlatform().daemon().name("octet-open").start(() -> open(opened));
            return opened.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            ModelException late =
                    new ModelException(ModelException.Kind.INVALID, shown + "does not open: it became a pipe", e);
            if (opened.completeExceptionally(late)) {
                throw late;
            }
            return opened.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opened.completeExceptionally(e);
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            if (e.getCause() instanceof ModelException fault) {
                throw fault;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Opens, and closes again if nobody waits any more. */
    private void open(CompletableFuture<SeekableByteChannel> opened) {
        try {
            SeekableByteChannel channel = openChecked();
            if (!opened.complete(channel)) {
                channel.close();
            }
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
        } finally {
            OPENERS.release();
        }
    }

    private SeekableByteChannel openChecked() throws IOException {
        try (DirectoryStream<Path> top = Files.newDirectoryStream(folder)) {
            if (top instanceof SecureDirectoryStream<Path> secure) {
                return openIn(secure, 0);
            }
        }
        Path path = folder;
        for (Path part : relative) {
            path = path.resolve(part);
            requireNoLink(attributes(
                    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)));
        }
        BasicFileAttributeView view =
                Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes before = requireRegular(attributes(view));
        return requireOrdinary(before, view, Files.newByteChannel(path, READ));
    }

    private SeekableByteChannel openIn(SecureDirectoryStream<Path> parent, int index) throws IOException {
        Path part = relative.getName(index);
        BasicFileAttributeView view =
                parent.getFileAttributeView(part, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes before = requireNoLink(attributes(view));
        if (index + 1 < relative.getNameCount()) {
            if (!before.isDirectory()) {
                throw ModelException.invalid(shown + "is not found beside the model");
            }
            try (SecureDirectoryStream<Path> inner = parent.newDirectoryStream(part, LinkOption.NOFOLLOW_LINKS)) {
                return openIn(inner, index + 1);
            }
        }
        requireRegular(before);
        return requireOrdinary(before, view, parent.newByteChannel(part, READ));
    }

    private BasicFileAttributes attributes(BasicFileAttributeView view) throws IOException {
        try {
            return view.readAttributes();
        } catch (NoSuchFileException e) {
            throw new ModelException(ModelException.Kind.INVALID, shown + "is not found beside the model", e);
        }
    }

    private BasicFileAttributes requireNoLink(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            throw ModelException.invalid(
                    shown + "goes through a symlink, so it may escape the model's folder; copy the data there");
        }
        return attributes;
    }

    private BasicFileAttributes requireRegular(BasicFileAttributes attributes) {
        if (!attributes.isRegularFile()) {
            throw ModelException.invalid(shown + "is not a regular file");
        }
        return attributes;
    }

    private SeekableByteChannel requireOrdinary(
            BasicFileAttributes before, BasicFileAttributeView view, SeekableByteChannel channel) throws IOException {
        try {
            Optional<Path> descriptor = Descriptor.of(channel);
            if (descriptor.isPresent()) {
                requireOnlyName(descriptor.get(), view);
            } else {
                requireSame(before.fileKey(), attributes(view).fileKey());
                requireOneLink(links(folder.resolve(relative)));
            }
            return channel;
        } catch (ModelException | IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The steps matter: what is compared last would have changed with any link made or removed after the first look. */
    private void requireOnlyName(Path descriptor, BasicFileAttributeView name) throws IOException {
        BasicFileAttributes opened = requireRegular(Files.readAttributes(descriptor, BasicFileAttributes.class));
        FileTime changed = changed(descriptor);
        requireOneLink(links(descriptor));
        if (Math.abs(changed.toMillis() - System.currentTimeMillis()) < CLOCK_STEP_MILLIS) {
            sleep();
        }
        requireSame(opened.fileKey(), attributes(name).fileKey());
        requireOneLink(links(descriptor));
        requireSame(changed, changed(descriptor));
    }

    /** Until a change would have another time. */
    private static void sleep() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(CLOCK_STEP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void requireSame(Object before, Object after) {
        if (!Objects.equals(before, after)) {
            throw ModelException.invalid(shown + "was replaced while it was opened");
        }
    }

    private static FileTime changed(Path descriptor) throws IOException {
        return (FileTime) Files.getAttribute(descriptor, "unix:ctime");
    }

    /** 1 where the file system does not tell. */
    private static int links(Path path) throws IOException {
        try {
            return Files.getAttribute(path, "unix:nlink") instanceof Integer count ? count : 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return 1;
        }
    }

    /** A second name may be a way to a file elsewhere. */
    private void requireOneLink(int links) {
        if (links > 1) {
            throw ModelException.invalid(
                    shown + "has more than one hard link, so it may be a file from elsewhere; copy it");
        }
    }
}
