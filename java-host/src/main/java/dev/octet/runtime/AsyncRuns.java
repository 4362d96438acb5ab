package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Runs that were asked for and whose results are not there yet: no more than a given number at a time. The caller's thread
 * starts each; one thread, begun with the first of them, finishes them in the order of their starts.
 *
 * <p>Futures are completed by the common pool, not by that thread, so that what a caller makes depend on one may itself
 * wait for other runs, start runs, or close.
 */
final class AsyncRuns implements AutoCloseable {
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> started = new ArrayDeque<>();
    private final Set<Runnable> undelivered = ConcurrentHashMap.newKeySet();
    private Optional<Thread> finisher = Optional.empty();
    private int inFlight;
    private boolean closed;

    /** A run under way; exactly one of these methods is called, once. */
    interface Run {
        Map<String, Tensor> finish();

        void abandon();
    }

    private record Entry(Run run, CompletableFuture<Map<String, Tensor>> future) {}

    AsyncRuns(int limit) {
        this.limit = limit;
    }

    /**
     * Starts a run in this thread, as soon as there are few enough in flight.
     *
     * @return completed with the outputs or with whatever was thrown
     */
    CompletableFuture<Map<String, Tensor>> submit(Supplier<Run> start) {
        CompletableFuture<Map<String, Tensor>> future = new CompletableFuture<>();
        if (!enter()) {
            future.completeExceptionally(new IllegalStateException("the session is closed"));
            return future;
        }
        try {
            Run run = start.get();
            hand(new Entry(run, future));
        } catch (RuntimeException | Error e) {
            leave();
            future.completeExceptionally(e);
        }
        return future;
    }

    // The finisher itself (a listener of a run that it finishes) must not wait for room that only it can make.
    private boolean enter() {
        lock.lock();
        try {
            while (!closed && inFlight >= limit && !isFinisher()) {
                changed.awaitUninterruptibly();
            }
            if (!closed) {
                inFlight++;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            inFlight--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void hand(Entry entry) {
        lock.lock();
        try {
            if (finisher.isEmpty()) {
                Thread thread = Thread.ofPlatform().daemon().name("octet-runs").unstarted(this::finishAll);
                thread.start();
                finisher = Optional.of(thread);
            }
            started.add(entry);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this is the thread that finishes runs. */
    boolean isFinisher() {
        lock.lock();
        try {
            return finisher.filter(thread -> thread == Thread.currentThread()).isPresent();
        } finally {
            lock.unlock();
        }
    }

    private void finishAll() {
        Optional<Entry> next = next();
        while (next.isPresent()) {
            finish(next.get());
            next = next();
        }
    }

    /** The next run to finish; empty when there will be none. */
    private Optional<Entry> next() {
        lock.lock();
        try {
            while (started.isEmpty() && !(closed && inFlight == 0)) {
                changed.awaitUninterruptibly();
            }
            return Optional.ofNullable(started.poll());
        } finally {
            lock.unlock();
        }
    }

    private void finish(Entry entry) {
        CompletableFuture<Map<String, Tensor>> future = entry.future;
        Runnable delivery = () -> {};
        try {
            if (future.isDone()) {
                entry.run.abandon();
            } else {
                Map<String, Tensor> outputs = entry.run.finish();
                delivery = () -> future.complete(outputs);
            }
        } catch (RuntimeException | Error e) {
            delivery = () -> future.completeExceptionally(e);
        }
        undelivered.add(delivery);
        leave();
        deliver(delivery, future);
    }

    private void deliver(Runnable delivery, CompletableFuture<?> future) {
        future.defaultExecutor().execute(() -> {
            delivery.run();
            undelivered.remove(delivery);
        });
    }

    /**
     * Refuses further runs and waits for those in flight; then every future is completed. To be called by any thread but
     * the one that finishes runs.
     */
    @Override
    public void close() {
        Optional<Thread> thread;
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (inFlight > 0) {
                changed.awaitUninterruptibly();
            }
            thread = finisher;
        } finally {
            lock.unlock();
        }
        thread.ifPresent(WorkerPool::join);
        undelivered.forEach(Runnable::run);
    }
}
