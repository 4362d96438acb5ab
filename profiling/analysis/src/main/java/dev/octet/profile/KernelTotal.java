package dev.octet.profile;

import java.util.Map;
import java.util.Optional;

/**
 * All calls of one kernel within one range.
 *
 * @param range the innermost range around the calls: an NVTX range, an operator or a plan step
 * @param counters means over the calls by the profiler's metric names; empty without counters
 */
public record KernelTotal(
        String name,
        Optional<String> range,
        KernelClass kernelClass,
        Durations durations,
        Map<String, Double> counters) {
    public KernelTotal {
        counters = Map.copyOf(counters);
    }

    /** How long the calls took; the median is empty of meaning where a file gives only totals and is then the mean. */
    public record Durations(long calls, long totalNanos, long minNanos, long maxNanos, long medianNanos) {}
}
