package dev.octet.tensor;

/** A device or its driver failed, with the driver's code and its name. */
public final class BackendException extends OctetException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String codeName;

    /**
     * A failed call.
     *
     * @param message what was being done, what the driver said and what may help
     * @param code the driver's number
     * @param codeName the driver's name for it, such as {@code CUDA_ERROR_OUT_OF_MEMORY}
     */
    public BackendException(String message, int code, String codeName) {
        super(message);
        this.code = code;
        this.codeName = codeName;
    }

    /** A device that cannot be used at all. */
    public BackendException(String message) {
        this(message, 0, "");
    }

    private BackendException(String message, BackendException cause) {
        super(message, cause);
        this.code = cause.code;
        this.codeName = cause.codeName;
    }

    /** The same fault with its place in front, such as {@code node "conv1" (Conv): ...}. */
    public BackendException at(String place) {
        return new BackendException(place + ": " + getMessage(), this);
    }

    /** The driver's number, 0 if it was not asked. */
    public int code() {
        return code;
    }

    /** The driver's name for the number, empty if it was not asked. */
    public String codeName() {
        return codeName;
    }
}
