package dev.octet.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The memory of a program's runs: as many frames as there ever were runs at once, counted by the budget. Thread-safe. */
final class FramePool<F extends RunMemory> {
    private final MemoryBudget budget;
    private final long frameBytes;
    private final Supplier<F> make;
    private final List<F> idle = new ArrayList<>();

    /**
     * An empty pool.
     *
     * @param frameBytes what one frame takes
     */
    FramePool(MemoryBudget budget, long frameBytes, Supplier<F> make) {
        this.budget = budget;
        this.frameBytes = frameBytes;
        this.make = make;
    }

    /**
     * A frame for one run, to be given to {@link #putBack} or {@link #discard}.
     *
     * @throws dev.octet.graph.ModelException if the session would then hold more than its limit
     */
    F take() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.removeLast();
            }
        }
        budget.reserve("a run", frameBytes);
        try {
            return make.get();
        } catch (RuntimeException | Error e) {
            budget.release(frameBytes);
            throw e;
        }
    }

    void putBack(F frame) {
        frame.reset();
        synchronized (idle) {
            idle.add(frame);
        }
    }

    /** Frees a frame that must not be used again. */
    void discard(F frame) {
        frame.close();
        budget.release(frameBytes);
    }

    /** Frees what no run uses now. */
    void dropIdle() {
        synchronized (idle) {
            idle.forEach(RunMemory::close);
            budget.release(idle.size() * frameBytes);
            idle.clear();
        }
    }
}
