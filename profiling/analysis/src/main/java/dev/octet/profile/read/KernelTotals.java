package dev.octet.profile.read;

import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelNames;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelTotal.Durations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Sums calls by kernel and range while a file is read; keeps one long a call for the median. Not thread-safe. */
final class KernelTotals {
    private static final int MAX_CALLS = 32 << 20;
    private static final int MAX_KERNELS = 1 << 20;

    private final Path file;
    private final KernelNames names = KernelNames.load();
    private final Map<Key, Sum> sums = new HashMap<>();
    private int calls;
    private long firstStart = Long.MAX_VALUE;
    private long lastEnd = Long.MIN_VALUE;

    private record Key(String name, Optional<String> range) {}

    private static final class Sum {
        private long[] nanos = new long[4];
        private int count;
        private long total;
        private Optional<Durations> summary = Optional.empty();
        private Optional<KernelClass> stated = Optional.empty();
        private final Map<String, double[]> counters = new HashMap<>();

        private void add(long duration) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = duration;
            total = Math.addExact(total, duration);
        }

        private Durations durations() {
            if (summary.isPresent()) {
                return summary.get();
            }
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            long median = sorted[(count - 1) / 2] + (sorted[count / 2] - sorted[(count - 1) / 2]) / 2;
            return new Durations(count, total, sorted[0], sorted[count - 1], median);
        }
    }

    KernelTotals(Path file) {
        this.file = file;
    }

    boolean isEmpty() {
        return sums.isEmpty();
    }

    /** Adds one call whose place in time is known. */
    void addAt(String name, Optional<String> range, long startNanos, long endNanos) throws ProfileException {
        addAt(name, range, new long[] {startNanos, endNanos}, Map.of());
    }

    /**
     * Adds one call whose place in time is known, with its counters.
     *
     * @param span its start and its end in nanoseconds
     */
    void addAt(String name, Optional<String> range, long[] span, Map<String, Double> counters) throws ProfileException {
        add(name, range, span[1] - span[0], counters);
        firstStart = Math.min(firstStart, span[0]);
        lastEnd = Math.max(lastEnd, span[1]);
    }

    /** Adds one step that the CPU computed. */
    void addOnCpu(String name, Optional<String> range, long[] span, Optional<String> precision)
            throws ProfileException {
        addAt(name, range, span, Map.of());
        sum(name, range).stated = Optional.of(KernelClass.onCpu(precision));
    }

    /** From the first start to the last end, if any is known. */
    OptionalLong spanNanos() {
        return firstStart <= lastEnd ? OptionalLong.of(lastEnd - firstStart) : OptionalLong.empty();
    }

    /** Adds one call with its counters. */
    void add(String name, Optional<String> range, long durationNanos, Map<String, Double> counters)
            throws ProfileException {
        if (durationNanos < 0) {
            throw new ProfileException(file, "kernel \"" + name + "\" ends before it starts");
        }
        if (++calls > MAX_CALLS) {
            throw new ProfileException(file, "more than " + MAX_CALLS + " calls; profile a shorter run");
        }
        Sum sum = sum(name, range);
        sum.add(durationNanos);
        counters.forEach((counter, value) -> {
            double[] total = sum.counters.computeIfAbsent(counter, _ -> new double[2]);
            total[0] += value;
            total[1]++;
        });
    }

    /** Adds a kernel that the file has summed itself. */
    void add(String name, Optional<String> range, Durations durations) throws ProfileException {
        Sum sum = sum(name, range);
        sum.summary =
                Optional.of(sum.summary.map(before -> joined(before, durations)).orElse(durations));
    }

    private static Durations joined(Durations a, Durations b) {
        long count = a.calls() + b.calls();
        long total = a.totalNanos() + b.totalNanos();
        return new Durations(
                count,
                total,
                Math.min(a.minNanos(), b.minNanos()),
                Math.max(a.maxNanos(), b.maxNanos()),
                count == 0 ? 0 : total / count);
    }

    private Sum sum(String name, Optional<String> range) throws ProfileException {
        if (sums.size() >= MAX_KERNELS) {
            throw new ProfileException(file, "more than " + MAX_KERNELS + " different kernels and ranges");
        }
        return sums.computeIfAbsent(new Key(name, range), _ -> new Sum());
    }

    /** Everything added, the longest total first; {@code architecture} is compute capability times ten where known. */
    List<KernelTotal> sorted(OptionalInt architecture) {
        List<KernelTotal> kernels = new ArrayList<>(sums.size());
        Map<String, KernelClass> classes = new HashMap<>();
        sums.forEach((key, sum) -> {
            Map<String, Double> means = new HashMap<>();
            sum.counters.forEach((counter, total) -> means.put(counter, total[0] / total[1]));
            KernelClass byName = classes.computeIfAbsent(key.name(), names::classify);
            KernelClass judged = sum.stated.orElseGet(() -> TensorCounters.overrule(byName, means, architecture));
            kernels.add(new KernelTotal(key.name(), key.range(), judged, sum.durations(), means));
        });
        kernels.sort(Comparator.comparingLong(
                        (KernelTotal kernel) -> -kernel.durations().totalNanos())
                .thenComparing(KernelTotal::name)
                .thenComparing(kernel -> kernel.range().orElse("")));
        return kernels;
    }
}
