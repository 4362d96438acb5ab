package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measured latencies.
 *
 * @param ratio the peer's median over ours, above 1 if we are faster; empty without a peer
 * @param ratioSpread how far the ratio went from round to round; empty without a peer
 */
public record BenchReport(List<Run> runs, OptionalDouble ratio, Optional<Spread> ratioSpread) implements RunReport {
    public BenchReport {
        runs = List.copyOf(runs);
    }

    /**
     * One runtime's measurement of one model.
     *
     * @param runtime {@code octet} or a peer with its version
     * @param batch samples a run
     * @param latency of one run of a whole batch
     * @param samplesPerSecond throughput
     */
    public record Run(
            String runtime,
            String model,
            String device,
            int threads,
            int batch,
            @JsonUnwrapped Latency latency,
            double samplesPerSecond) {}

    /** The lowest and the highest value of several rounds. */
    public record Spread(double lowest, double highest) {}

    /** Percentiles over all runs after the warm-up. */
    public record Latency(long medianNanos, long p90Nanos, long p99Nanos, int iterations) {}
}
