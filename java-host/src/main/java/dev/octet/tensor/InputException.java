package dev.octet.tensor;

/** A file given as input, other than a model, is missing, unreadable, damaged, or not what its user needs (exit code 3). */
public final class InputException extends OctetException {
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
