package dev.octet.backend.cuda;

import java.util.Locale;

/** How many threads compute a row together: the teams of {@code octet_reduce.cuh}. */
enum RowTeam {
    THREAD,
    WARP,
    BLOCK;

    private static final int LANES = 32;
    private static final int BLOCK_THREADS = 256;
    private static final int MAX_BLOCKS = 8192;

    /** Elements from which a row is worth a block. */
    private static final int LONG_ROW = 1024;

    /**
     * The team that reads memory well.
     *
     * @param length elements of a row
     * @param stride from element to element; more than 1 where neighbouring rows lie side by side
     */
    static RowTeam of(long length, long stride) {
        if (stride > 1) {
            return THREAD;
        }
        return length < LONG_ROW ? WARP : BLOCK;
    }

    /** How the names of kernels for this team end. */
    String suffix() {
        return "_" + name().toLowerCase(Locale.ROOT);
    }

    Grid grid(long rows) {
        return switch (this) {
            case THREAD -> Grid.elements(rows, 1);
            case WARP -> Grid.elements(rows * LANES, 1);
            case BLOCK -> new Grid(Math.clamp(rows, 1, MAX_BLOCKS), 1, 1, BLOCK_THREADS, 0);
        };
    }
}
