package dev.octet.runtime;

import java.util.function.IntConsumer;

/** A fixed number of threads that share the work of one kernel at a time. */
public interface Workers {
    /** One thread: the caller's. */
    Workers SINGLE = new Workers() {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public void forEach(int tasks, IntConsumer body) {
            for (int task = 0; task < tasks; task++) {
                body.accept(task);
            }
        }
    };

    int count();

    /**
     * Runs {@code body} for 0 .. {@code tasks}-1, the caller taking part, and returns when all are done. Tasks are
     * claimed one by one; results must not depend on which thread runs which. The first exception is rethrown.
     */
    void forEach(int tasks, IntConsumer body);
}
