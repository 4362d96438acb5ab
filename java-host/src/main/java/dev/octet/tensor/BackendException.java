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

    public int code() {
        return code;
    }

    public String codeName() {
        return codeName;
    }
}
