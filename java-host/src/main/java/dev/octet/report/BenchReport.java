package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Measured latencies.
 *
 * @param ratio the peer's median over ours, above 1 if we are faster; empty without a peer
 */
public record BenchReport(List<Run> runs, OptionalDouble ratio) implements RunReport {
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

    /** Percentiles over all runs after the warm-up. */
    public record Latency(long medianNanos, long p90Nanos, long p99Nanos, int iterations) {}
}
