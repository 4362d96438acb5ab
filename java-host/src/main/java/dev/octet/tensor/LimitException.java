package dev.octet.tensor;

/** Something asks for more than a stated limit on size or memory (exit code 5). */
public final class LimitException extends OctetException {
    private static final long serialVersionUID = 1;

    public LimitException(String message) {
        super(message);
    }

    public LimitException(String message, Throwable cause) {
        super(message, cause);
    }
}
