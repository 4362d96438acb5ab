package dev.octet.backend.cuda;

/**
 * The tensor-core kernels of one integer product by tile: the largest that still gives every multiprocessor work, where x
 * is aligned for it. Devices before sm_80 have one tile only.
 *
 * @param name of the kernels up to the tile, as {@code octet_i16832_qgemm_i8s8}
 * @param suffix behind the tile in their names
 * @param wide whether there is a kernel of the widest tile
 * @param groups products side by side
 */
record ProductTiles(CudaDevice device, String name, String suffix, boolean wide, int rows, int columns, int groups) {
    private static final int AMPERE = 80;
    private static final int BLACKWELL = 100;
    private static final int MOST_GROUPS = 65_535;

    /** The tiles of {@code qproduct.cuh}. */
    private enum Tile {
        WIDE(128, 256, 256, 3),
        LARGE(128, 128, 256, 3),
        SMALL(64, 64, 128, 4),
        SLIM(32, 32, 128, 8);

        private final int rows;
        private final int columns;
        private final int threads;
        private final int stages;

        Tile(int rows, int columns, int threads, int stages) {
            this.rows = rows;
            this.columns = columns;
            this.threads = threads;
            this.stages = stages;
        }

        String label() {
            return rows + "x" + columns;
        }

        int sharedBytes() {
            return stages * (rows + columns) * PackedProduct.DEPTH;
        }
    }

    /** The integer tensor-core instruction in kernels' names. */
    static String instruction(CudaDevice device) {
        return device.computeCapability() >= AMPERE ? "i16832" : "i8816";
    }

    /** A matrix product with packed weights. */
    static ProductTiles ofMatrix(CudaDevice device, int rows, int columns, int groups) {
        String name = "octet_" + instruction(device) + "_qgemm_i8s8";
        return new ProductTiles(device, name, "", device.computeCapability() < BLACKWELL, rows, columns, groups);
    }

    /** A convolution as an implicit matrix product with packed weights. */
    static ProductTiles ofWindow(CudaDevice device, int rows, int columns, int groups) {
        String name = "octet_" + instruction(device) + "_qconv_i8s8";
        return new ProductTiles(device, name, "_nhwc", false, rows, columns, groups);
    }

    static boolean canLaunch(long groups) {
        return groups <= MOST_GROUPS;
    }

    /** Launches the kernel of the best tile; nothing if there is no output. */
    void launch(CudaStream stream, boolean aligned, KernelParams params) {
        launch(stream, best(aligned), params);
    }

    /** Launches the kernel of 64 x 64; nothing if there is no output. */
    void launchSmall(CudaStream stream, KernelParams params) {
        launch(stream, Tile.SMALL, params);
    }

    private void launch(CudaStream stream, Tile tile, KernelParams params) {
        if (rows == 0 || columns == 0 || groups == 0) {
            return;
        }
        int tiles = Math.toIntExact(count(tile));
        Grid grid = new Grid(tiles, groups, 1, tile.threads, tile.sharedBytes());
        device.function(name + "_" + tile.label() + suffix).launch(stream, grid, params);
    }

    private Tile best(boolean aligned) {
        if (device.computeCapability() < AMPERE) {
            return Tile.SMALL;
        }
        if (aligned && wide && isFull(Tile.WIDE)) {
            return Tile.WIDE;
        }
        if (aligned && isFull(Tile.LARGE)) {
            return Tile.LARGE;
        }
        return 2 * count(Tile.SMALL) * groups > device.multiprocessors() ? Tile.SMALL : Tile.SLIM;
    }

    /** Whether tiles are neither mostly empty nor too few. */
    private boolean isFull(Tile tile) {
        return 2 * columns > tile.columns && count(tile) * groups >= device.multiprocessors();
    }

    private long count(Tile tile) {
        return (long) Math.ceilDiv(rows, tile.rows) * Math.ceilDiv(columns, tile.columns);
    }
}
