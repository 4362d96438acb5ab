package dev.octet.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that help the caller through one loop at a time. Safe to use from several threads: a caller that finds
 * the helpers busy, or is itself inside a loop of this pool, runs its tasks alone.
 *
 * <p>Idle helpers spin for {@link #SPIN_NANOS} before they park, so that the many short loops of a network do not each
 * pay for waking a thread; only those that have parked are woken.
 */
public final class WorkerPool implements Workers, AutoCloseable {
    private static final long SPIN_NANOS = 50_000;

    private final ReentrantLock busy = new ReentrantLock();
    private final List<Helper> helpers = new ArrayList<>();
    private final int count;
    private volatile Job current = Job.NONE;
    private volatile boolean closed;

    /** One loop: tasks are claimed with {@code next} and counted off with {@code unfinished}. */
    private static final class Job {
        static final Job NONE = new Job(0, _ -> {});

        private final int tasks;
        private final IntConsumer body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger unfinished;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread caller = Thread.currentThread();

        Job(int tasks, IntConsumer body) {
            this.tasks = tasks;
            this.body = body;
            this.unfinished = new AtomicInteger(tasks);
        }

        void work() {
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                runTask(task);
                if (unfinished.decrementAndGet() == 0 && Thread.currentThread() != caller) {
                    LockSupport.unpark(caller);
                }
            }
        }

        // An Error thrown by a helper must reach the caller as well, hence Throwable.
        private void runTask(int task) {
            if (failure.get() != null) {
                return;
            }
            try {
                body.accept(task);
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        }

        void await() {
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (unfinished.get() > 0) {
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    /**
     * Starts the helpers.
     *
     * @param count threads that work in a loop, the caller included; at least 1
     */
    public WorkerPool(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a pool of " + count + " threads");
        }
        this.count = count;
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
            Job job = new Job(tasks, body);
            current = job;
            wakeParked();
            job.work();
            job.await();
            current = Job.NONE;
            job.rethrow();
        } finally {
            busy.unlock();
        }
    }

    private void wakeParked() {
        for (int i = 0; i < helpers.size(); i++) {
            helpers.get(i).wakeIfParked();
        }
    }

    /** A thread that looks for loops. */
    private final class Helper {
        private final Thread thread;
        private volatile boolean parked;

        Helper(String name) {
            thread = Thread.ofPlatform().daemon().name(name).unstarted(this::help);
        }

        // The helper announces that it parks before it looks at the loop for the last time, and the caller publishes
        // the loop before it looks at the announcement: one of the two sees the other.
        void wakeIfParked() {
            if (parked) {
                LockSupport.unpark(thread);
            }
        }

        private void help() {
            Job done = Job.NONE;
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (!closed) {
                Job job = current;
                if (job != done && job != Job.NONE) {
                    job.work();
                    done = job;
                    deadline = System.nanoTime() + SPIN_NANOS;
                } else if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                } else {
                    parkUnlessWanted(job);
                    deadline = System.nanoTime() + SPIN_NANOS;
                }
            }
        }

        private void parkUnlessWanted(Job seen) {
            parked = true;
            if (current == seen && !closed) {
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
        boolean interrupted = false;
        for (Helper helper : helpers) {
            while (helper.thread.isAlive()) {
                try {
                    helper.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
