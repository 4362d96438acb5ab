package dev.octet.profile.read;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which range each call of CUDA was, by process and correlation number, which kernels and copies share with the call
 * that launched them. Correlation numbers count up, so that four bytes a call hold them.
 */
final class NsysLaunches {
    private static final String CALLS = "CUPTI_ACTIVITY_KIND_RUNTIME";
    private static final int PAGE_BITS = 16;
    private static final int PAGE = 1 << PAGE_BITS;

    private final NvtxRanges ranges;
    private final boolean byProcess;
    private final Map<Page, int[]> pages = new HashMap<>();
    private Page lastKey = new Page(-1, -1);
    private int[] last = new int[0];

    private record Page(long process, long number) {}

    private NsysLaunches(NvtxRanges ranges, boolean byProcess) {
        this.ranges = ranges;
        this.byProcess = byProcess;
    }

    /** Reads the calls if there are ranges to find them in. */
    static NsysLaunches read(NsysDatabase database, NvtxRanges ranges) throws SQLException {
        boolean byProcess = true;
        for (NsysActivity kind : NsysActivity.values()) {
            byProcess &= !database.has(kind.table())
                    || database.columns(kind.table()).contains("globalPid");
        }
        NsysLaunches launches = new NsysLaunches(ranges, byProcess);
        boolean told = database.has(CALLS)
                && database.columns(CALLS).containsAll(Set.of("correlationId", "start", "globalTid"));
        if (told && !ranges.isEmpty()) {
            try (ResultSet rows = database.query("SELECT correlationId, start, globalTid FROM " + CALLS)) {
                while (rows.next()) {
                    launches.add(rows.getLong(1), rows.getLong(2), rows.getLong(3));
                }
            }
        }
        return launches;
    }

    private void add(long correlation, long start, long thread) {
        int range = ranges.innermost(thread, start);
        if (range >= 0) {
            page(new Page(process(thread), correlation >> PAGE_BITS), true)[(int) (correlation & (PAGE - 1))] =
                    range + 1;
        }
    }

    /** The range in which something was launched. */
    Optional<String> range(long globalPid, long correlation) {
        int[] page = page(new Page(process(globalPid), correlation >> PAGE_BITS), false);
        return page.length == 0 ? Optional.empty() : ranges.name(page[(int) (correlation & (PAGE - 1))] - 1);
    }

    private long process(long global) {
        return byProcess ? global / NsysDatabase.PROCESS : 0;
    }

    private int[] page(Page key, boolean create) {
        if (!key.equals(lastKey)) {
            lastKey = key;
            last = create ? pages.computeIfAbsent(key, _ -> new int[PAGE]) : pages.getOrDefault(key, new int[0]);
        }
        return last;
    }
}
