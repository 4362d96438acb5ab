package dev.octet.backend.cpu;

import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Buffers that the tasks of one kernel pass from hand to hand, as many as ever ran at once. */
final class ScratchPool<T> {
    private final ConcurrentLinkedQueue<T> idle = new ConcurrentLinkedQueue<>();
    private final Supplier<T> make;

    ScratchPool(Supplier<T> make) {
        this.make = make;
    }

    T take() {
        return Optional.ofNullable(idle.poll()).orElseGet(make);
    }

    void give(T scratch) {
        idle.add(scratch);
    }
}
