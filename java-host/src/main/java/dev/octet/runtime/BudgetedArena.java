package dev.octet.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that counts against a session's budget before it is taken and until it is closed: packed weights and scratch of
 * kernels, whose size only they know. May be used by several threads.
 */
final class BudgetedArena implements Arena {
    private final Arena arena = Arena.ofShared();
    private final MemoryBudget budget;
    private final AtomicLong takenBytes = new AtomicLong();

    BudgetedArena(MemoryBudget budget) {
        this.budget = budget;
    }

    /** @throws dev.octet.graph.ModelException if the session would hold more than its limit */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        budget.reserve("a kernel's weights or scratch", byteSize);
        takenBytes.addAndGet(byteSize);
        return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
        budget.release(takenBytes.getAndSet(0));
    }
}
