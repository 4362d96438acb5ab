package dev.octet.backend.cpu;

import java.util.Optional;
import java.util.function.Supplier;

/** A value that is made when it is first asked for. Thread-safe. */
final class Deferred<T> {
    private final Supplier<T> make;
    private volatile Optional<T> made = Optional.empty();

    Deferred(Supplier<T> make) {
        this.make = make;
    }

    T get() {
        Optional<T> seen = made;
        return seen.isPresent() ? seen.get() : makeOnce();
    }

    private synchronized T makeOnce() {
        if (made.isEmpty()) {
            made = Optional.of(make.get());
        }
        return made.get();
    }
}
