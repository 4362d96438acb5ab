package dev.octet.cli;

/** What the process tells its caller. */
public enum ExitCode {
    OK(0),
    /** A bug in Octet. */
    INTERNAL(1),
    USAGE(2),
    INVALID_INPUT(3),
    UNSUPPORTED(4),
    LIMIT(5),
    DATA(6),
    DEVICE(7),
    GOAL_NOT_MET(8),
    /** Nobody reads standard output any more: what a shell says of a program that SIGPIPE ended. */
    CLOSED_PIPE(141);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
