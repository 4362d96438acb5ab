package dev.octet.profile.read;

import dev.octet.profile.Profile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Reads a profile of any known form; the content tells which, not the file's name. */
public final class ProfileFiles {
    private static final String SQLITE = "SQLite format 3\0";
    private static final int HEAD = 512;

    private ProfileFiles() {}

    /**
     * Reads a profile.
     *
     * @throws ProfileException if the file is empty, damaged, locked or no profile
     */
    public static Profile read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ProfileException(file, "is a folder, expected a profile");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ProfileException(file, "is no regular file: reading a pipe or a device might never end");
        }
        try {
            return readText(file);
        } catch (EOFException e) {
            throw new ProfileException(file, "is truncated: it ends too early", e);
        } catch (ZipException e) {
            throw new ProfileException(file, "is damaged gzip (" + e.getMessage() + ")", e);
        }
    }

    private static Profile readText(Path file) throws IOException {
        byte[] head;
        try (InputStream stream = ProfileText.stream(file)) {
            head = stream.readNBytes(HEAD);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.isBlank()) {
            throw new ProfileException(file, "is empty");
        }
        if (text.startsWith(SQLITE) || SQLITE.startsWith(text)) {
            if (ProfileText.isPacked(file)) {
                throw new ProfileException(file, "is a packed database: unpack it with gunzip first");
            }
            return new NsysSqliteReader(file).read();
        }
        String start = text.stripLeading();
        if (start.startsWith("{") || start.startsWith("[{") || start.startsWith("[\n") || start.startsWith("[\r")) {
            return new TraceJsonReader(file).read();
        }
        if (text.indexOf('\0') >= 0) {
            throw new ProfileException(
                    file,
                    "is no known profile; export .nsys-rep with nsys export --type sqlite and .ncu-rep with ncu "
                            + "--import FILE --csv");
        }
        return new ProfileCsvReader(file).read();
    }
}
