package dev.octet.cli;

import java.io.PrintStream;
import java.util.Locale;

/** A progress bar on one line of a terminal; silent elsewhere. Thread-safe. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream err;
    private final String what;
    private final int total;
    private final boolean visible;
    private final long startNanos = System.nanoTime();
    private int done;
    private long drawnNanos;

    Progress(PrintStream err, String what, int total, boolean visible) {
        this.err = err;
        this.what = what;
        this.total = Math.max(total, 1);
        this.visible = visible;
    }

    void step() {
        advance(1);
    }

    synchronized void advance(int steps) {
        done += steps;
        long now = System.nanoTime();
        if (visible && (done == total || now - drawnNanos > REDRAW_NANOS)) {
            drawnNanos = now;
            draw(now);
        }
    }

    private void draw(long now) {
        int filled = (int) ((long) WIDTH * Math.min(done, total) / total);
        double elapsed = (now - startNanos) / 1e9;
        double left = elapsed / done * (total - done);
        err.printf(
                Locale.ROOT,
                "\r%s [%s%s] %d/%d, %.0f s left ",
                what,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                done,
                total,
                left);
        err.flush();
    }

    @Override
    public synchronized void close() {
        if (visible) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
