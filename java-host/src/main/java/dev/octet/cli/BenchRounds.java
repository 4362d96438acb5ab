package dev.octet.cli;

import dev.octet.report.BenchReport.Latency;
import dev.octet.report.BenchReport.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures runners in turns, so that a change of the machine's speed meets all of them alike. A round is a block of
 * consecutive runs of each runner. Between blocks of two runners everything rests, because the threads of the one that
 * ended may still spin, ONNX Runtime's for tens of milliseconds, and the first runs of a block are not counted: they
 * wake threads and refill caches.
 */
final class BenchRounds {
    private static final long REST_NANOS = 50_000_000;
    private static final long SETTLE_NANOS = 50_000_000;
    private static final long WARM_UP_NANOS = 500_000_000;
    private static final long ROUND_NANOS = 500_000_000;
    private static final int MAX_ROUNDS = 20;

    private final List<Runnable> runners;
    private final List<List<long[]>> rounds = new ArrayList<>();

    /**
     * How much to measure of each runner; whichever limit comes first ends it.
     *
     * @param iterations counted runs
     * @param nanos time of counted runs
     */
    record Limit(long iterations, long nanos) {
        int rounds() {
            return Math.clamp(Math.min(iterations, nanos / ROUND_NANOS), 1, MAX_ROUNDS);
        }
    }

    BenchRounds(List<Runnable> runners) {
        this.runners = List.copyOf(runners);
        runners.forEach(_ -> rounds.add(new ArrayList<>()));
    }

    /** Warms up and measures. */
    void measure(Limit limit, Runnable progress) {
        runners.forEach(runner -> unmeasured(runner, WARM_UP_NANOS));
        for (int round = 0; round < limit.rounds(); round++) {
            long share = limit.iterations / limit.rounds() + (round < limit.iterations % limit.rounds() ? 1 : 0);
            for (int i = 0; i < runners.size(); i++) {
                if (runners.size() > 1) {
                    rest();
                    unmeasured(runners.get(i), SETTLE_NANOS);
                }
                rounds.get(i).add(block(runners.get(i), share, limit.nanos / limit.rounds()));
            }
            progress.run();
        }
    }

    private static void rest() {
        long start = System.nanoTime();
        long left = REST_NANOS;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = REST_NANOS - (System.nanoTime() - start);
        }
    }

    private static void unmeasured(Runnable runner, long nanos) {
        long start = System.nanoTime();
        do {
            runner.run();
        } while (System.nanoTime() - start < nanos);
    }

    private static long[] block(Runnable runner, long iterations, long nanos) {
        long[] latencies = new long[16];
        int count = 0;
        long begin = System.nanoTime();
        long end;
        do {
            long start = System.nanoTime();
            runner.run();
            end = System.nanoTime();
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = end - start;
        } while (count < iterations && end - begin < nanos);
        return Arrays.copyOf(latencies, count);
    }

    /** Percentiles of all counted runs of a runner. */
    Latency latency(int runner) {
        long[] all = rounds.get(runner).stream()
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
        return new Latency(percentile(all, 50), percentile(all, 90), percentile(all, 99), all.length);
    }

    /** The lowest and highest ratio of medians, {@code over} to {@code under}, of all rounds. */
    Spread spread(int over, int under) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int round = 0; round < rounds.get(over).size(); round++) {
            double ratio = (double) median(rounds.get(over).get(round))
                    / median(rounds.get(under).get(round));
            lowest = Math.min(lowest, ratio);
            highest = Math.max(highest, ratio);
        }
        return new Spread(lowest, highest);
    }

    private static long median(long[] latencies) {
        return percentile(Arrays.stream(latencies).sorted().toArray(), 50);
    }

    /** The smallest value that at least {@code percent} of the values do not exceed. */
    static long percentile(long[] sorted, int percent) {
        return sorted[Math.toIntExact(Math.ceilDiv((long) sorted.length * percent, 100)) - 1];
    }
}
