package dev.octet.backend.cuda;

/**
 * The shape of a launch.
 *
 * @param x blocks along x, at least 1
 * @param y blocks along y, 1 to 65,535
 * @param z blocks along z, 1 to 65,535
 * @param threads of a block, along x, 1 to 1024
 * @param sharedBytes dynamic shared memory of a block
 */
record Grid(int x, int y, int z, int threads, int sharedBytes) {
    /** Threads of a block where nothing speaks for another number. */
    private static final int THREADS = 256;

    /** Blocks of a grid-stride kernel at most: enough to fill any device several times over. */
    private static final int MAX_BLOCKS = 8192;

    /** Blocks along y or z at most. */
    static final int MAX_YZ = 65_535;

    private static final int MAX_THREADS = 1024;

    Grid {
        if (x < 1 || y < 1 || y > MAX_YZ || z < 1 || z > MAX_YZ || threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException(
                    "a grid of " + x + "x" + y + "x" + z + " blocks of " + threads + " threads");
        }
        if (sharedBytes < 0) {
            throw new IllegalArgumentException("a block with " + sharedBytes + " bytes of shared memory");
        }
    }

    /**
     * A grid for a grid-stride loop.
     *
     * @param count elements, possibly 0
     * @param perThread elements that a thread takes at a time
     */
    static Grid elements(long count, int perThread) {
        long blocks = Math.ceilDiv(count, (long) perThread * THREADS);
        return new Grid(Math.clamp(blocks, 1, MAX_BLOCKS), 1, 1, THREADS, 0);
    }
}
