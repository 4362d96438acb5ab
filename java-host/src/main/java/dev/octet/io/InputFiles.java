package dev.octet.io;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What holds for every file given as input. */
public final class InputFiles {
    private InputFiles() {}

    /**
     * Refuses folders, pipes and devices: reading one might never end.
     *
     * @throws FileSystemException if there is something at the path that is no regular file; that nothing is there is
     *     left to be found when opening it
     */
    public static Path requireRegular(Path file) throws FileSystemException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    Files.isDirectory(file) ? "it is a folder, expected a file" : "it is not a regular file");
        }
        return file;
    }
}
