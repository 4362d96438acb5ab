package dev.octet.tensor;

/** The user's options, files or data do not fit together. */
public final class ConfigException extends OctetException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
