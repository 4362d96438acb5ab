package dev.octet.runtime;

/** Spins for a while. The clock, slower to read than what is waited for, is looked at once in many spins. */
final class SpinTimer {
    private static final int SPINS_PER_LOOK = 64;

    private final long nanos;
    private long deadline;
    private int spins;

    SpinTimer(long nanos) {
        this.nanos = nanos;
    }

    /** Spins once; false if the time is over. */
    boolean spin() {
        Thread.onSpinWait();
        if (++spins % SPINS_PER_LOOK != 0) {
            return true;
        }
        long now = System.nanoTime();
        if (spins == SPINS_PER_LOOK) {
            deadline = now + nanos;
        }
        return now - deadline < 0;
    }

    /** Starts again. */
    void reset() {
        spins = 0;
    }
}
