package dev.octet.backend.cpu;

/** The native kernels cannot be used; the message says why in one line. */
final class NativeLoadException extends Exception {
    private static final long serialVersionUID = 1;

    NativeLoadException(String message) {
        super(message);
    }
}
