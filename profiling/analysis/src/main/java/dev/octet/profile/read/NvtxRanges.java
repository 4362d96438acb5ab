package dev.octet.profile.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The push/pop ranges of each thread; finds the innermost around a moment. Not thread-safe. */
final class NvtxRanges {
    /** The event type of a push/pop range: these nest within a thread, start/end ranges need not. */
    static final int PUSH_POP = 59;

    private static final int MAX_RANGES = 2 << 20;
    private static final int NONE = -1;

    private final Map<Long, List<Range>> threads = new HashMap<>();
    private int count;

    private record Range(long start, long end, String name, int parent) {}

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds a range; those of one thread come in the order of their starts, the outer of two first. */
    void add(Path file, long thread, long start, long end, String name) throws ProfileException {
        if (++count > MAX_RANGES) {
            throw new ProfileException(file, "more than " + MAX_RANGES + " NVTX ranges; profile a shorter run");
        }
        List<Range> ranges = threads.computeIfAbsent(thread, _ -> new ArrayList<>());
        int parent = enclosing(ranges, ranges.size() - 1, end);
        ranges.add(new Range(start, end, name, parent));
    }

    private static int enclosing(List<Range> ranges, int from, long moment) {
        int index = from;
        while (index != NONE && ranges.get(index).end() < moment) {
            index = ranges.get(index).parent();
        }
        return index;
    }

    Optional<String> innermost(long thread, long moment) {
        List<Range> ranges = threads.getOrDefault(thread, List.of());
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).start() <= moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int index = enclosing(ranges, low - 1, moment);
        return index == NONE ? Optional.empty() : Optional.of(ranges.get(index).name());
    }
}
