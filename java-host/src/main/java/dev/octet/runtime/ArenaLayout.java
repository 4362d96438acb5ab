package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places values in one block of memory so that those alive at the same step do not overlap. Greedy: the largest value
 * first, each into the smallest gap that holds it between the values it shares a step with.
 */
final class ArenaLayout {
    private final Map<String, Long> offsets = new HashMap<>();
    private final List<Placed> placed = new ArrayList<>();
    private long sizeBytes;

    /** A value that needs memory from step {@code first} to step {@code last}, both included. */
    record Lifetime(String value, long sizeBytes, int first, int last) {
        boolean meets(Lifetime other) {
            return first <= other.last && other.first <= last;
        }

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

    private record Placed(Lifetime lifetime, long offset) {
        long end() {
            return offset + lifetime.roundedBytes();
        }
    }

    ArenaLayout(Collection<Lifetime> lifetimes) {
        lifetimes.stream()
                .sorted(Comparator.comparingLong(Lifetime::sizeBytes)
                        .reversed()
                        .thenComparingInt(Lifetime::first)
                        .thenComparing(Lifetime::value))
                .forEach(this::place);
    }

    private void place(Lifetime lifetime) {
        List<Placed> neighbours = placed.stream()
                .filter(other -> other.lifetime.meets(lifetime))
                .sorted(Comparator.comparingLong(Placed::offset))
                .toList();
        long need = lifetime.roundedBytes();
        long best = -1;
        long bestGap = Long.MAX_VALUE;
        long end = 0;
        for (Placed neighbour : neighbours) {
            long gap = neighbour.offset - end;
            if (gap >= need && gap < bestGap) {
                best = end;
                bestGap = gap;
            }
            end = Math.max(end, neighbour.end());
        }
        long offset = best >= 0 ? best : end;
        placed.add(new Placed(lifetime, offset));
        offsets.put(lifetime.value(), offset);
        sizeBytes = Math.max(sizeBytes, Math.addExact(offset, need));
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
