package dev.octet.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** An output that cannot be written; what was there before is still there. The message names the file. */
public final class OutputException extends IOException {
    private static final long serialVersionUID = 1;

    /** Whose fault it is. */
    public enum Kind {
        /** The name: a folder, a folder that does not exist or may not be written, a file named twice. */
        TARGET,
        /** The storage: it is full, or fails. */
        STORAGE
    }

    private final Kind kind;

    private OutputException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static OutputException target(Path target, String reason) {
        return new OutputException(
                Kind.TARGET,
                "cannot write " + target + ": " + reason,
                new FileSystemException(target.toString(), null, reason));
    }

    static OutputException target(Path target, IOException cause) {
        return cause instanceof OutputException same
                ? same
                : new OutputException(Kind.TARGET, "cannot write " + target + ": " + reason(cause), cause);
    }

    static OutputException storage(Path target, IOException cause) {
        return cause instanceof OutputException same
                ? same
                : new OutputException(Kind.STORAGE, "cannot write " + target + ": " + reason(cause), cause);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no file can be made as " + missing.getFile();
            case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
            case FileSystemException system ->
                Optional.ofNullable(system.getReason())
                        .orElse(system.getClass().getSimpleName() + " for " + system.getFile());
            default -> Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
        };
    }

    public Kind kind() {
        return kind;
    }
}
