package dev.octet.data;

import dev.octet.tensor.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 over texts and the bytes of files. */
final class FileDigest {
    private static final int CHUNK_BYTES = 1 << 16;

    private final MessageDigest digest;

    FileDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    FileDigest text(String text) {
        digest.update((text + '\0').getBytes(StandardCharsets.UTF_8));
        return this;
    }

    FileDigest file(Path file) {
        byte[] chunk = new byte[CHUNK_BYTES];
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
                size += read;
            }
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + Failures.reason(e), e);
        }
        return text(":" + size);
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
