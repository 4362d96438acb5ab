package dev.octet.cli;

import dev.octet.graph.Names;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Standard output for results, standard error for everything else. */
final class Console {
    private static final int LONGEST_LINE = 1000;

    private final Results results;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final List<String> remarks = new ArrayList<>();

    /** Remembers why standard output broke, which a print stream does not. */
    private static final class Results extends FilterOutputStream {
        private Optional<IOException> failure = Optional.empty();

        Results(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = Optional.of(failure.orElse(e));
                throw e;
            }
        }
    }

    Console(OutputStream out, PrintStream err, boolean terminal) {
        this.results = new Results(out);
        this.out = new PrintStream(results, false, StandardCharsets.UTF_8);
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

    /** Keeps a line, once, until there are results to remark on: a command that fails says only why. */
    void remark(String line) {
        if (!remarks.contains(line)) {
            remarks.add(line);
        }
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
        String line = Names.printable(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...";
    }

    /** A bar for work of {@code total} steps; invisible when standard error is not a terminal. */
    Progress progress(String what, int total) {
        return new Progress(err, what, total, terminal);
    }

    /** Why standard output broke, if it did: for example because the reader of a pipe is gone. */
    Optional<IOException> outputFailure() {
        out.flush();
        return results.failure;
    }

    PrintStream err() {
        return err;
    }
}
