package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places values in one block of memory so that those alive at the same step do not overlap. Greedy: the largest value
 * first, each into the smallest gap that holds it between the values it shares a step with. Time is near proportional to
 * the number of values, however many of them are alive at once.
 */
final class ArenaLayout {
    /** Inputs are alive from step -1 on. */
    private static final int STEP_BEFORE = 1;

    /** A value with more neighbours is put behind them all: a gap between so many is not worth the search. */
    private static final int MANY = 512;

    private final Map<String, Long> offsets = new HashMap<>();
    private final OccupiedSteps occupied;
    private long sizeBytes;

    /** A value that needs memory from step {@code first} to step {@code last}, both included. */
    record Lifetime(String value, long sizeBytes, int first, int last) {
        /** This value, as long as either is needed. */
        Lifetime union(Lifetime other) {
            return new Lifetime(value, sizeBytes, Math.min(first, other.first), Math.max(last, other.last));
        }

        /** What the value occupies: at least one aligned unit, so that no two values share an address. */
        private long roundedBytes() {
            int unit = Tensor.ALIGNMENT_BYTES;
            return Math.max(unit, Math.multiplyExact(Math.ceilDiv(sizeBytes, unit), unit));
        }
    }

    ArenaLayout(Collection<Lifetime> lifetimes) {
        this.occupied = new OccupiedSteps(STEP_BEFORE
                + 1
                + lifetimes.stream().mapToInt(Lifetime::last).max().orElse(0));
        lifetimes.stream()
                .sorted(Comparator.comparingLong(Lifetime::sizeBytes)
                        .reversed()
                        .thenComparingInt(Lifetime::first)
                        .thenComparing(Lifetime::value))
                .forEach(this::place);
    }

    private void place(Lifetime lifetime) {
        int first = STEP_BEFORE + lifetime.first;
        int last = STEP_BEFORE + lifetime.last;
        long need = lifetime.roundedBytes();
        long offset = occupied.at(first, last, MANY)
                .map(neighbours -> smallestGap(neighbours, need))
                .orElseGet(() -> occupied.end(first, last));
        occupied.add(new OccupiedSteps.Taken(first, last, offset, offset + need));
        offsets.put(lifetime.value(), offset);
        sizeBytes = Math.max(sizeBytes, Math.addExact(offset, need));
    }

    /** The place in the smallest gap that holds a value, else behind all neighbours. */
    private static long smallestGap(List<OccupiedSteps.Taken> neighbours, long need) {
        long best = -1;
        long bestGap = Long.MAX_VALUE;
        long end = 0;
        neighbours.sort(Comparator.comparingLong(OccupiedSteps.Taken::offset));
        for (OccupiedSteps.Taken neighbour : neighbours) {
            long gap = neighbour.offset() - end;
            if (gap >= need && gap < bestGap) {
                best = end;
                bestGap = gap;
            }
            end = Math.max(end, neighbour.end());
        }
        return best >= 0 ? best : end;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Gives a value without a place one inside another's. */
    void share(String value, String owner, long offsetBytes) {
        offsets.put(value, offset(owner) + offsetBytes);
    }

    long offset(String value) {
        Long offset = offsets.get(value);
        if (offset == null) {
            throw new IllegalStateException("value " + value + " has no place");
        }
        return offset;
    }
}
