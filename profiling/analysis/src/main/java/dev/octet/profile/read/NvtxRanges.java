package dev.octet.profile.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The push/pop ranges of each thread; finds the innermost around a moment. Not thread-safe. */
final class NvtxRanges {
    /** The event type of a push/pop range: these nest within a thread, start/end ranges need not. */
    static final int PUSH_POP = 59;

    private static final int MAX_RANGES = 4 << 20;
    private static final int NONE = -1;

    /** How far the next moment of a thread usually lies from the last one. */
    private static final int NEAR = 8;

    private final Map<Long, Track> threads = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private int count;

    /** The ranges of one thread in the order of their starts, each with the number of the one around it. */
    private static final class Track {
        private long[] starts = new long[4];
        private long[] ends = new long[4];
        private int[] parents = new int[4];
        private int[] names = new int[4];
        private int size;
        private int last;

        private void add(long start, long end, int name) {
            if (size == starts.length) {
                starts = Arrays.copyOf(starts, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
                parents = Arrays.copyOf(parents, 2 * size);
                names = Arrays.copyOf(names, 2 * size);
            }
            parents[size] = enclosing(size - 1, end);
            starts[size] = start;
            ends[size] = end;
            names[size++] = name;
        }

        private int enclosing(int from, long moment) {
            int index = from;
            while (index != NONE && ends[index] < moment) {
                index = parents[index];
            }
            return index;
        }

        private int innermost(long moment) {
            int near = Math.min(last + NEAR, size);
            int index = last;
            boolean found = starts[index] <= moment;
            while (found && index + 1 < near && starts[index + 1] <= moment) {
                index++;
            }
            if (!found || (index + 1 == near && near < size)) {
                index = before(moment);
            }
            last = Math.max(index, 0);
            int range = index == NONE ? NONE : enclosing(index, moment);
            return range == NONE ? NONE : names[range];
        }

        /** The last range that starts no later than a moment. */
        private int before(long moment) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (starts[middle] <= moment) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds a range; those of one thread come in the order of their starts, the outer of two first. */
    void add(Path file, long thread, long start, long end, String name) throws ProfileException {
        if (++count > MAX_RANGES) {
            throw new ProfileException(file, "more than " + MAX_RANGES + " NVTX ranges; profile a shorter run");
        }
        int id = ids.computeIfAbsent(name, text -> {
            names.add(text);
            return names.size() - 1;
        });
        threads.computeIfAbsent(thread, _ -> new Track()).add(start, end, id);
    }

    /** The number of the innermost range's name; negative where there is no range. Fastest for moments in order. */
    int innermost(long thread, long moment) {
        Track track = threads.get(thread);
        return track == null ? NONE : track.innermost(moment);
    }

    /** The name of a number that {@link #innermost} gave. */
    Optional<String> name(int number) {
        return number < 0 ? Optional.empty() : Optional.of(names.get(number));
    }
}
