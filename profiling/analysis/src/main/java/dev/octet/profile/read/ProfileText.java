package dev.octet.profile.read;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of a profile, unpacked on the way where it is gzip. */
final class ProfileText {
    private static final int BUFFER = 1 << 16;
    private static final int GZIP = 0x8b1f;

    private ProfileText() {}

    static boolean isPacked(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            return (stream.read() | stream.read() << Byte.SIZE) == GZIP;
        }
    }

    static InputStream stream(Path file) throws IOException {
        boolean packed = isPacked(file);
        InputStream stream = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        if (!packed) {
            return stream;
        }
        try {
            return new BufferedInputStream(new UnpackedStream(file, stream, BUFFER), BUFFER);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /** The text in UTF-8; malformed text is an exception. */
    static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(
                stream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }
}
