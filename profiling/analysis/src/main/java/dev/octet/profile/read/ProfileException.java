package dev.octet.profile.read;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is no readable profile; the message is one line with the file and the reason. */
public final class ProfileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean limit;

    ProfileException(Path file, String reason) {
        super(file + ": " + reason);
        this.limit = false;
    }

    private ProfileException(String message, boolean limit) {
        super(message);
        this.limit = limit;
    }

    /** A file that holds more than is looked at. */
    static ProfileException limit(Path file, String reason) {
        return new ProfileException(file + ": " + reason, true);
    }

    /** Whether the file may be sound, but is too much. */
    public boolean isLimit() {
        return limit;
    }

    ProfileException(Path file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
        this.limit = false;
    }
}
