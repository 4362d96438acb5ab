package dev.octet.backend.cpu;

import dev.octet.graph.op.ScatterReduction;
import dev.octet.tensor.Tensor;

/** Joins an update with the element it is written to. NaN wins in MAX and MIN; integers wrap around. */
final class ScatterUpdate {
    private final ScatterReduction reduction;
    private final Tensor updates;
    private final Tensor target;
    private final ElementMover mover;

    ScatterUpdate(ScatterReduction reduction, Tensor updates, Tensor target) {
        this.reduction = reduction;
        this.updates = updates;
        this.target = target;
        this.mover = new ElementMover(updates, target);
    }

    /** Applies {@code count} consecutive updates to consecutive elements. */
    void apply(long from, long to, long count) {
        if (reduction == ScatterReduction.NONE) {
            mover.copy(from, to, count);
            return;
        }
        for (long i = 0; i < count; i++) {
            if (target.dtype().isFloat()) {
                target.setDouble(to + i, join(target.getDouble(to + i), updates.getDouble(from + i)));
            } else {
                target.setLong(to + i, join(target.getLong(to + i), updates.getLong(from + i)));
            }
        }
    }

    private double join(double old, double update) {
        return switch (reduction) {
            case NONE -> update;
            case ADD -> old + update;
            case MUL -> old * update;
            case MAX -> Math.max(old, update);
            case MIN -> Math.min(old, update);
        };
    }

    private long join(long old, long update) {
        boolean less = target.dtype().isSigned() ? old < update : Long.compareUnsigned(old, update) < 0;
        return switch (reduction) {
            case NONE -> update;
            case ADD -> old + update;
            case MUL -> old * update;
            case MAX -> less ? update : old;
            case MIN -> less ? old : update;
        };
    }
}
