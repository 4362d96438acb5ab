package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measured latencies.
 *
 * @param runs for each thread count ours, then the peer's, one for each of its files
 * @param ratio the fastest peer run's median over ours, above 1 if we are faster, for the first thread count; empty
 *     without a peer
 * @param ratioSpread how far that ratio went from round to round; empty without a peer
 * @param ratios the same for each thread count; empty without a peer
 */
public record BenchReport(List<Run> runs, OptionalDouble ratio, Optional<Spread> ratioSpread, List<Ratio> ratios)
        implements RunReport {
    public BenchReport {
        runs = List.copyOf(runs);
        ratios = List.copyOf(ratios);
    }

    /** A report whose ratio is the first of {@code ratios}. */
    public static BenchReport of(List<Run> runs, List<Ratio> ratios) {
        Optional<Ratio> first = ratios.stream().findFirst();
        return new BenchReport(
                runs, first.stream().mapToDouble(Ratio::ratio).findFirst(), first.map(Ratio::spread), ratios);
    }

    /**
     * The fastest peer run against ours.
     *
     * @param peerModel the file that the peer was fastest with
     * @param ratio the peer's median over ours
     */
    public record Ratio(int threads, String peerModel, double ratio, Spread spread) {}

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
