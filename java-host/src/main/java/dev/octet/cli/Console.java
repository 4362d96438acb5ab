package dev.octet.cli;

import dev.octet.graph.Names;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Standard output for results, standard error for everything else. */
final class Console {
    private static final int LONGEST_LINE = 2000;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final List<String> remarks = new ArrayList<>();

    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Prints lines of results. */
    void result(String lines) {
        showRemarks();
        out.println(Names.printable(lines));
    }

    /** Prints a line for the person watching. */
    void note(String line) {
        err.println("octet: " + oneLine(line));
    }

    /** Keeps a line until there are results to remark on: a command that fails says only why. */
    void remark(String line) {
        remarks.add(line);
    }

    void showRemarks() {
        remarks.forEach(this::note);
        remarks.clear();
    }

    /** Prints the one line that says why a command failed. */
    void fail(String line) {
        remarks.clear();
        note(line);
    }

    private static String oneLine(String text) {
        String line = Names.printable(text.replace('\n', ' ').replace('\r', ' '));
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...";
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
