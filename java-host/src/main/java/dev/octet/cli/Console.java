package dev.octet.cli;

import java.io.PrintStream;

/** Standard output for results, standard error for everything else. */
final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;

    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Prints a line of results. */
    void result(String line) {
        out.println(line);
    }

    /** Prints a line for the person watching. */
    void note(String line) {
        err.println("octet: " + line);
    }

    /** A bar for work of {@code total} steps; invisible when standard error is not a terminal. */
    Progress progress(String what, int total) {
        return new Progress(err, what, total, terminal);
    }

    /** Whether standard output broke, for example because the reader of a pipe is gone. */
    boolean outputFailed() {
        return out.checkError();
    }

    PrintStream err() {
        return err;
    }
}
