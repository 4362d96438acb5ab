package dev.octet.profile.read;

import dev.octet.profile.DeviceData;
import dev.octet.profile.DeviceTime;
import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelNames;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelTotal.Durations;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums calls by kernel and range while a file is read; keeps one long a call for the median. Not thread-safe. */
final class KernelTotals {
    private static final int MAX_CALLS = 32 << 20;
    private static final int MAX_KERNELS = 1 << 20;

    /** Each is compared with all rules. */
    static final int MAX_NAMES = 1 << 15;

    /** The most that all times together, and all calls that a file has counted, may be: 73 years, and no overflow. */
    private static final long MAX_SUM = 1L << 61;

    private final Path file;
    private final KernelNames names = KernelNames.load();
    private final Map<Key, Sum> sums = new HashMap<>();
    private final Set<String> kernels = new HashSet<>();
    private int calls;
    private long nanosOfAll;
    private long callsOfAll;
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
        private final Map<Integer, Long> devices = new HashMap<>();

        private void add(long duration) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = duration;
            total += duration;
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

    /**
     * One call whose place in time is known.
     *
     * @param device the GPU's number in the file, or {@link #NO_DEVICE}
     */
    record Call(String name, Optional<String> range, long startNanos, long endNanos, int device) {
        static final int NO_DEVICE = -1;
    }

    /** Adds one call with its counters. */
    void addAt(Call call, Map<String, Double> counters) throws ProfileException {
        if (Math.abs((double) call.startNanos()) > MAX_SUM || Math.abs((double) call.endNanos()) > MAX_SUM) {
            throw new ProfileException(file, "kernel \"" + call.name() + "\" has an impossible time");
        }
        long nanos = call.endNanos() - call.startNanos();
        if (nanos < 0) {
            throw new ProfileException(file, "kernel \"" + call.name() + "\" ends before it starts");
        }
        add(sum(call.name(), call.range()), call.device(), nanos, counters);
        firstStart = Math.min(firstStart, call.startNanos());
        lastEnd = Math.max(lastEnd, call.endNanos());
    }

    /** Adds one call of a kernel whose class the file tells. */
    void addStated(Call call, KernelClass stated) throws ProfileException {
        addAt(call, Map.of());
        sum(call.name(), call.range()).stated = Optional.of(stated);
    }

    private OptionalLong spanNanos() {
        return firstStart <= lastEnd ? OptionalLong.of(lastEnd - firstStart) : OptionalLong.empty();
    }

    /** Adds one call outside of any range, of which only the time is known, with its counters. */
    void addOn(int device, String name, long nanos, Map<String, Double> counters) throws ProfileException {
        add(sum(name, Optional.empty()), device, nanos, counters);
    }

    private void add(Sum sum, int device, long nanos, Map<String, Double> counters) throws ProfileException {
        if (++calls > MAX_CALLS) {
            throw ProfileException.limit(file, "more than " + MAX_CALLS + " calls; profile a shorter run");
        }
        count(1, nanos);
        sum.add(nanos);
        if (device != Call.NO_DEVICE) {
            sum.devices.merge(device, nanos, Long::sum);
        }
        counters.forEach((counter, value) -> {
            double[] total = sum.counters.computeIfAbsent(counter, _ -> new double[2]);
            total[0] += value;
            total[1]++;
        });
    }

    /** Sums are taken without a look at overflow after this. */
    private void count(long newCalls, long nanos) throws ProfileException {
        if (newCalls > MAX_SUM - callsOfAll || nanos > MAX_SUM - nanosOfAll) {
            throw new ProfileException(file, "the calls or times of its kernels add up to an impossible number");
        }
        callsOfAll += newCalls;
        nanosOfAll += nanos;
    }

    /** Adds a kernel that the file has summed itself. */
    void add(String name, Optional<String> range, Durations durations) throws ProfileException {
        count(durations.calls(), durations.totalNanos());
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
        Sum known = sums.get(new Key(name, range));
        if (known != null) {
            return known;
        }
        if (sums.size() >= MAX_KERNELS) {
            throw ProfileException.limit(file, "more than " + MAX_KERNELS + " different kernels and ranges");
        }
        if (kernels.add(name) && kernels.size() > MAX_NAMES) {
            throw ProfileException.limit(file, "more than " + MAX_NAMES + " different kernel names");
        }
        Sum sum = new Sum();
        sums.put(new Key(name, range), sum);
        return sum;
    }

    /**
     * Everything added.
     *
     * @param described by their numbers, the GPUs that the file describes; the first decides what counters mean
     */
    Profile profile(Profile.Source source, SortedMap<Integer, DeviceData> described) {
        OptionalInt architecture = described.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(described.firstEntry().getValue().architecture());
        List<KernelTotal> totals = new ArrayList<>(sums.size());
        Map<String, KernelClass> classes = new HashMap<>();
        SortedMap<Integer, long[]> busy = new TreeMap<>();
        described.keySet().forEach(id -> busy.put(id, new long[2]));
        sums.forEach((key, sum) -> {
            Map<String, Double> means = new HashMap<>();
            sum.counters.forEach((counter, total) -> means.put(counter, total[0] / total[1]));
            KernelClass byName = classes.computeIfAbsent(key.name(), names::classify);
            KernelClass judged = sum.stated.orElseGet(() -> TensorCounters.overrule(byName, means, architecture));
            totals.add(new KernelTotal(key.name(), key.range(), judged, sum.durations(), means));
            sum.devices.forEach((id, nanos) -> {
                long[] times = busy.computeIfAbsent(id, _ -> new long[2]);
                times[0] += nanos;
                times[1] += judged.unit() == KernelUnit.TENSOR ? nanos : 0;
            });
        });
        totals.sort(Comparator.comparingLong(
                        (KernelTotal kernel) -> -kernel.durations().totalNanos())
                .thenComparing(KernelTotal::name)
                .thenComparing(kernel -> kernel.range().orElse("")));
        List<DeviceTime> devices = new ArrayList<>();
        busy.forEach((id, times) ->
                devices.add(new DeviceTime(described.getOrDefault(id, DeviceData.numbered(id)), times[0], times[1])));
        return new Profile(source, devices, spanNanos(), totals);
    }
}
