package dev.octet.runtime;

import dev.octet.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The programs of the last few sets of input shapes. Thread-safe; one that is dropped is closed when no run uses it. */
final class PlanCache implements AutoCloseable {
    private final int limit;
    private final Function<Map<String, Shape>, Program> compile;
    private final LinkedHashMap<Map<String, Shape>, Lease> leases = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * An empty cache.
     *
     * @param limit programs kept; one more drops the one unused for longest
     */
    PlanCache(int limit, Function<Map<String, Shape>, Program> compile) {
        this.limit = limit;
        this.compile = compile;
    }

    /** The use of a program; to be closed once. */
    final class Lease implements AutoCloseable {
        private final Program program;
        private int users;
        private boolean dropped;

        private Lease(Program program) {
            this.program = program;
        }

        Program program() {
            return program;
        }

        @Override
        public void close() {
            synchronized (leases) {
                users--;
                closeIfUnused();
            }
        }

        private void closeIfUnused() {
            if (dropped && users == 0) {
                program.close();
            }
        }
    }

    /** The program for these shapes, compiled now if it is not here. */
    Lease take(Map<String, Shape> shapes) {
        synchronized (leases) {
            Lease lease = leases.get(shapes);
            if (lease == null) {
                lease = new Lease(compile.apply(shapes));
                leases.put(shapes, lease);
                dropOldest();
            }
            lease.users++;
            return lease;
        }
    }

    private void dropOldest() {
        if (leases.size() > limit) {
            Lease oldest = leases.pollFirstEntry().getValue();
            oldest.dropped = true;
            oldest.closeIfUnused();
        }
    }

    /** Frees the memory that no run uses. */
    void dropIdle() {
        synchronized (leases) {
            leases.values().forEach(lease -> lease.program.dropIdle());
        }
    }

    /** Closes all programs; no run may be going on. */
    @Override
    public void close() {
        synchronized (leases) {
            leases.values().forEach(lease -> lease.program.close());
            leases.clear();
        }
    }
}
