package dev.octet.runtime;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.graph.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses memory before it is asked for: what one plan needs by itself, and what all runs of a session hold together.
 * Thread-safe.
 */
final class MemoryBudget implements MemoryAccount {
    private final long limitBytes;
    private final long constantBytes;
    private final Runnable reclaim;
    private final AtomicLong heldBytes = new AtomicLong();

    /**
     * Creates the budget.
     *
     * @param constantBytes held whatever runs
     * @param reclaim gives back what no run uses; called when there is too little
     */
    MemoryBudget(long limitBytes, long constantBytes, Runnable reclaim) {
        this.limitBytes = limitBytes;
        this.constantBytes = constantBytes;
        this.reclaim = reclaim;
    }

    /**
     * Checks a node's outputs one by one.
     *
     * @throws ModelException naming the node and the output that is too large
     */
    void check(Node node, List<TensorType> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            long need = outputs.get(i).sizeBytes();
            if (need > limitBytes) {
                throw ModelException.limit(node.describe() + ": output \""
                        + Names.escape(node.outputs().get(i)) + "\" " + outputs.get(i) + " needs " + describe(need)
                        + ", the memory limit is " + describe(limitBytes));
            }
        }
    }

    /**
     * Checks a sum.
     *
     * @param what names what needs the memory
     */
    void check(String what, long need) {
        if (need > limitBytes) {
            throw ModelException.limit(
                    what + " needs " + describe(need) + ", the memory limit is " + describe(limitBytes));
        }
    }

    /** @throws ModelException if the session would then hold more than the limit */
    @Override
    public void reserve(String what, long need) {
        if (!tryReserve(need)) {
            reclaim.run();
            if (!tryReserve(need)) {
                throw ModelException.limit(
                        what + " needs " + describe(need) + " while the session's runs and kernels hold "
                                + describe(heldBytes.get()) + " and its constants " + describe(constantBytes)
                                + ", the memory limit is " + describe(limitBytes));
            }
        }
    }

    private boolean tryReserve(long need) {
        long held = heldBytes.get();
        while (need <= limitBytes - constantBytes - held) {
            if (heldBytes.compareAndSet(held, held + need)) {
                return true;
            }
            held = heldBytes.get();
        }
        return false;
    }

    @Override
    public void release(long sizeBytes) {
        heldBytes.addAndGet(-sizeBytes);
    }

    private static String describe(long sizeBytes) {
        return sizeBytes < 1 << 20
                ? sizeBytes + " bytes"
                : String.format(Locale.ROOT, "%d bytes (%.1f MiB)", sizeBytes, sizeBytes / 0x1p20);
    }
}
