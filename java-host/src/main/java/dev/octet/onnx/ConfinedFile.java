package dev.octet.onnx;

import dev.octet.graph.ModelException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;

/**
 * Opens an ordinary file in a folder or below it, and never anything else: no symbolic link in any part, no special file,
 * no second hard link.
 *
 * <p>Where the system has openat (Linux, macOS), each part is opened relative to the open folder before it and without
 * following links, so renaming folders meanwhile leads nowhere else. The file's identity is compared before and after
 * opening it; elsewhere that comparison is all there is.
 */
final class ConfinedFile {
    private static final Set<java.nio.file.OpenOption> READ =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path folder;
    private final Path relative;
    private final String shown;

    /** @param shown stands in front of messages and ends in a space */
    private ConfinedFile(Path folder, Path relative, String shown) {
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
        ConfinedFile file = new ConfinedFile(folder, relative, shown);
        SeekableByteChannel channel = file.open();
        try {
            file.requireOneLink();
            return channel;
        } catch (ModelException | IOException e) {
            channel.close();
            throw e;
        }
    }

    private SeekableByteChannel open() throws IOException {
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
        return requireSame(before, view, Files.newByteChannel(path, READ));
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
        return requireSame(before, view, parent.newByteChannel(part, READ));
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

    private SeekableByteChannel requireSame(
            BasicFileAttributes before, BasicFileAttributeView view, SeekableByteChannel channel) throws IOException {
        try {
            if (!Objects.equals(before.fileKey(), attributes(view).fileKey())) {
                throw ModelException.invalid(shown + "was replaced while it was opened");
            }
            return channel;
        } catch (ModelException | IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A second name may be a way to a file elsewhere. Passes where the file system does not tell. */
    private void requireOneLink() throws IOException {
        int links;
        try {
            links = Files.getAttribute(folder.resolve(relative), "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                            instanceof Integer count
                    ? count
                    : 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            links = 1;
        }
        if (links > 1) {
            throw ModelException.invalid(
                    shown + "has more than one hard link, so it may be a file from elsewhere; copy it");
        }
    }
}
