package dev.octet.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Daemon threads that help the caller through one loop at a time. Safe to use from several threads: a caller that finds
 * the helpers busy, or is itself inside a loop of this pool, runs its tasks alone.
 *
 * <p>Idle helpers spin for {@link #SPIN_NANOS} before they park, so that the many short loops of a network do not each
 * pay for waking a thread; only those that have parked are woken.
 */
public final class WorkerPool implements Workers, AutoCloseable {
    private static final long SPIN_NANOS = 200_000;

    /** Callers that move from processor to processor have the helpers placed anew no more often than this. */
    private static final long PLACEMENT_NANOS = 5_000_000;

    private final ReentrantLock busy = new ReentrantLock();
    private final List<Helper> helpers = new ArrayList<>();
    private final TaskLoop loop = new TaskLoop(SPIN_NANOS);
    private final ThreadPlacement placement;
    private final int count;
    private int callersProcessor = -1;
    private long placedNanos = System.nanoTime() - PLACEMENT_NANOS;
    private volatile boolean closed;

    /** Starts helpers that the operating system places. */
    public WorkerPool(int count) {
        this(count, () -> ThreadPlacement.NONE);
    }

    /**
     * Starts the helpers.
     *
     * @param count threads that work in a loop, the caller included; at least 1
     * @param placement keeps the helpers off the caller's processor; asked for if there are any
     */
    public WorkerPool(int count, Supplier<ThreadPlacement> placement) {
        if (count < 1) {
            throw new IllegalArgumentException("a pool of " + count + " threads");
        }
        this.count = count;
        this.placement = count == 1 ? ThreadPlacement.NONE : placement.get();
        for (int i = 1; i < count; i++) {
            Helper helper = new Helper("octet-worker-" + i);
            helpers.add(helper);
            helper.thread.start();
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void forEach(int tasks, IntConsumer body) {
        if (tasks <= 1 || count == 1 || closed || busy.isHeldByCurrentThread() || !busy.tryLock()) {
            SINGLE.forEach(tasks, body);
            return;
        }
        try {
            placeHelpers();
            loop.open(tasks, body);
            wakeParked();
            loop.work();
            loop.await();
        } finally {
            busy.unlock();
        }
    }

    // A thread is often woken on the processor of the thread that wakes it, where it could only take turns with it.
    private void placeHelpers() {
        int processor = placement.currentProcessor();
        if (processor == callersProcessor || System.nanoTime() - placedNanos < PLACEMENT_NANOS) {
            return;
        }
        int[] numbers = helpers.stream().mapToInt(helper -> helper.number).toArray();
        if (Arrays.stream(numbers).allMatch(number -> number >= 0)) {
            placement.keepApart(numbers, processor);
            callersProcessor = processor;
            placedNanos = System.nanoTime();
        }
    }

    private void wakeParked() {
        for (int i = 0; i < helpers.size(); i++) {
            helpers.get(i).wakeIfParked();
        }
    }

    /** A thread that looks for tasks. */
    private final class Helper {
        private final Thread thread;
        private volatile int number = -1;
        private volatile boolean parked;

        Helper(String name) {
            thread = Thread.ofPlatform().daemon().name(name).unstarted(this::help);
        }

        // The helper announces that it parks before it looks for tasks for the last time, and the caller publishes
        // the loop before it looks at the announcement: one of the two sees the other.
        void wakeIfParked() {
            if (parked) {
                LockSupport.unpark(thread);
            }
        }

        private void help() {
            number = placement.currentThread();
            SpinTimer timer = new SpinTimer(SPIN_NANOS);
            while (!closed) {
                if (loop.work()) {
                    timer.reset();
                } else if (!timer.spin()) {
                    parkUnlessWanted();
                    timer.reset();
                }
            }
        }

        private void parkUnlessWanted() {
            parked = true;
            if (!loop.hasTasks() && !closed) {
                LockSupport.park(WorkerPool.this);
            }
            parked = false;
        }
    }

    /** Ends the helpers; loops that run or come later are done by their callers. */
    @Override
    public void close() {
        closed = true;
        wakeParked();
        helpers.forEach(helper -> join(helper.thread));
    }

    /** Waits for a thread to end; an interrupted caller stays interrupted. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
