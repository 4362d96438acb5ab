package dev.octet.runtime;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One loop after another, each shared by whoever looks for tasks. Loops are opened by one thread at a time, which waits
 * for each to end before it opens the next; nothing is allocated.
 *
 * <p>A single word holds the loop's number and how many of its tasks nobody has claimed. A claim is a compare-and-set of
 * that word, so it fails if the loop has ended meanwhile, and what was read of the loop before a claim that succeeds
 * belongs to that loop.
 */
final class TaskLoop {
    // So far apart that no two share a cache line, or a pair of lines that is fetched together.
    private static final int CLAIMS = 16;
    private static final int UNFINISHED = 32;
    private static final int WORDS = 48;

    private static final int COUNT_BITS = 32;

    private final SpinTimer timer;
    private final AtomicLongArray words = new AtomicLongArray(WORDS);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long number;
    private int tasks;
    private IntConsumer body = TaskLoop::nothing;
    private Thread opener = Thread.currentThread();

    private static void nothing(int task) {}

    /**
     * A loop without tasks.
     *
     * @param spinNanos how long {@link #await} spins before it parks
     */
    TaskLoop(long spinNanos) {
        this.timer = new SpinTimer(spinNanos);
    }

    /** Opens a loop over 0 .. {@code count}-1; the one before has ended. */
    void open(int count, IntConsumer loopBody) {
        tasks = count;
        body = loopBody;
        opener = Thread.currentThread();
        words.set(UNFINISHED, count);
        number++;
        words.set(CLAIMS, number << COUNT_BITS | count);
    }

    /** Whether there are tasks to claim. */
    boolean hasTasks() {
        return (int) words.get(CLAIMS) != 0;
    }

    /** Runs tasks until none is left to claim; whether there was any. */
    boolean work() {
        int done = 0;
        Thread waiting = opener;
        for (long seen = words.get(CLAIMS); (int) seen != 0; seen = words.get(CLAIMS)) {
            int task = tasks - (int) seen;
            IntConsumer loopBody = body;
            waiting = opener;
            if (words.compareAndSet(CLAIMS, seen, seen - 1)) {
                runTask(loopBody, task);
                done++;
            }
        }
        if (done > 0 && words.addAndGet(UNFINISHED, -done) == 0 && waiting != Thread.currentThread()) {
            LockSupport.unpark(waiting);
        }
        return done > 0;
    }

    // An Error thrown by a helper must reach the opener as well, hence Throwable.
    private void runTask(IntConsumer loopBody, int task) {
        if (failure.getPlain() != null) {
            return;
        }
        try {
            loopBody.accept(task);
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Waits until all tasks are done and rethrows the first failure. For the opener. */
    void await() {
        timer.reset();
        while (words.get(UNFINISHED) > 0) {
            if (!timer.spin()) {
                LockSupport.park(this);
            }
        }
        body = TaskLoop::nothing;
        if (failure.getPlain() != null) {
            rethrow(failure.getAndSet(null));
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
