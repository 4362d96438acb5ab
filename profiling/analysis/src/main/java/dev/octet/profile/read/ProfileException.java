package dev.octet.profile.read;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is no readable profile; the message is one line with the file and the reason. */
public final class ProfileException extends IOException {
    private static final long serialVersionUID = 1L;

    ProfileException(Path file, String reason) {
        super(file + ": " + reason);
    }

    ProfileException(Path file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
