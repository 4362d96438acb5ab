package dev.octet.graph;

import dev.octet.tensor.OctetException;

/** The model file is at fault: {@link Kind} says in which way, the message where. */
public final class ModelException extends OctetException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the model. */
    public enum Kind {
        /** It breaks the ONNX specification, or is not ONNX (exit code 3). */
        INVALID,
        /** It is valid and uses what Octet does not support (exit code 4). */
        UNSUPPORTED,
        /** It exceeds a limit on size, depth or memory (exit code 5). */
        LIMIT,
        /** The values fed or computed do not allow the operation (exit code 6). */
        DATA
    }

    private final Kind kind;

    public ModelException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ModelException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static ModelException invalid(String message) {
        return new ModelException(Kind.INVALID, message);
    }

    public static ModelException unsupported(String message) {
        return new ModelException(Kind.UNSUPPORTED, message);
    }

    public static ModelException limit(String message) {
        return new ModelException(Kind.LIMIT, message);
    }

    public static ModelException data(String message) {
        return new ModelException(Kind.DATA, message);
    }

    public Kind kind() {
        return kind;
    }

    /** The same fault with its place in front, such as {@code node "conv1" (Conv): ...}. */
    public ModelException at(String place) {
        return new ModelException(kind, place + ": " + getMessage(), this);
    }
}
