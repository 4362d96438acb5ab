package dev.octet.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output for results, standard error for everything else. */
final class Console {
    private final Results results;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;

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

    /** Why standard output broke, if it did: for example because the reader of a pipe is gone. */
    Optional<IOException> outputFailure() {
        out.flush();
        return results.failure;
    }

    PrintStream err() {
        return err;
    }
}
