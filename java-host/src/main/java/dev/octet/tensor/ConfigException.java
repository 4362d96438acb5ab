package dev.octet.tensor;

/** The user's options do not fit each other, the model or the machine (exit code 2). */
public final class ConfigException extends OctetException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
