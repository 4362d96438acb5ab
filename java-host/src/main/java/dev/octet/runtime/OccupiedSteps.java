package dev.octet.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which parts of memory are taken at which steps. A segment tree over the steps: adding takes time in the logarithm of
 * their number, and so does asking, beside what is found.
 *
 * <p>Each range of steps is the union of at most two tree nodes a level. Such a node keeps what was added for all of its
 * steps: {@code covering}, with the highest end in {@code covered}; {@code highest} is that of its whole subtree.
 */
final class OccupiedSteps {
    /** A part of memory that is taken from one step to another, both included. */
    record Taken(int first, int last, long offset, long end) {}

    private final int leaves;
    private final Map<Integer, List<Taken>> covering = new HashMap<>();
    private final TreeMap<Integer, List<Taken>> byFirst = new TreeMap<>();
    private final long[] covered;
    private final long[] highest;

    /** @param steps their number; the first has number 0 */
    OccupiedSteps(int steps) {
        this.leaves = Integer.highestOneBit(Math.max(1, steps - 1)) * 2;
        this.covered = new long[2 * leaves];
        this.highest = new long[2 * leaves];
    }

    void add(Taken taken) {
        byFirst.computeIfAbsent(taken.first, _ -> new ArrayList<>()).add(taken);
        add(1, 0, leaves - 1, taken);
    }

    private void add(int node, int low, int high, Taken taken) {
        if (taken.last < low || high < taken.first) {
            return;
        }
        highest[node] = Math.max(highest[node], taken.end);
        if (taken.first <= low && high <= taken.last) {
            covered[node] = Math.max(covered[node], taken.end);
            covering.computeIfAbsent(node, _ -> new ArrayList<>()).add(taken);
            return;
        }
        int middle = (low + high) >>> 1;
        add(2 * node, low, middle, taken);
        add(2 * node + 1, middle + 1, high, taken);
    }

    /** What is taken at any of some steps; empty if that is more than {@code most}. */
    Optional<List<Taken>> at(int first, int last, int most) {
        List<Taken> found = new ArrayList<>();
        for (List<Taken> starting : byFirst.subMap(first, true, last, true).values()) {
            found.addAll(starting);
            if (found.size() > most) {
                return Optional.empty();
            }
        }
        for (int node = leaves + first; node > 0; node /= 2) {
            List<Taken> goingOn = covering.getOrDefault(node, List.of());
            // Those that start here were found above.
            goingOn.stream().filter(taken -> taken.first < first).forEach(found::add);
            if (found.size() > most) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }

    /** Where what is taken at any of some steps ends. */
    long end(int first, int last) {
        return end(1, 0, leaves - 1, first, last);
    }

    private long end(int node, int low, int high, int first, int last) {
        if (last < low || high < first) {
            return 0;
        }
        if (first <= low && high <= last) {
            return highest[node];
        }
        int middle = (low + high) >>> 1;
        long below =
                Math.max(end(2 * node, low, middle, first, last), end(2 * node + 1, middle + 1, high, first, last));
        return Math.max(covered[node], below);
    }
}
