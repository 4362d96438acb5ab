package dev.octet.tensor;

/** A fault with a message for the user: what, where, and what to do. The subclass decides the exit code. */
public abstract class OctetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    protected OctetException(String message) {
        super(message);
    }

    protected OctetException(String message, Throwable cause) {
        super(message, cause);
    }
}
