package dev.octet.backend.cuda;

import dev.octet.tensor.DType;

/**
 * The tensor-core kernels of one integer product by tile: 128x128 where there is work for every multiprocessor and x is
 * aligned, else 64x64. Devices before sm_80 have the small one only.
 *
 * @param name of the kernels, as {@code octet_i16832_qgemm_u8s8}
 * @param suffix behind the tile in their names
 * @param groups products side by side
 */
record ProductTiles(CudaDevice device, String name, String suffix, int rows, int columns, int groups) {
    private static final int AMPERE = 80;
    private static final int MOST_GROUPS = 65_535;

    private record Tile(int size, int threads, int sharedBytes) {
        static final Tile LARGE = new Tile(128, 256, 3 * (128 + 128) * PackedProduct.DEPTH);
        static final Tile SMALL = new Tile(64, 128, 4 * (64 + 64) * PackedProduct.DEPTH);

        long count(ProductTiles of) {
            return (long) Math.ceilDiv(of.rows, size) * Math.ceilDiv(of.columns, size);
        }
    }

    /** The kernels of the best instruction that the device has. */
    static String name(CudaDevice device, String what, DType x) {
        String unit = device.computeCapability() >= AMPERE ? "i16832" : "i8816";
        return "octet_" + unit + "_" + what + "_" + (x == DType.U8 ? "u8" : "s8");
    }

    static boolean canLaunch(long groups) {
        return groups <= MOST_GROUPS;
    }

    /** Launches the kernel of the best tile; nothing if there is no output. */
    void launch(CudaStream stream, boolean aligned, KernelParams params) {
        if (rows == 0 || columns == 0 || groups == 0) {
            return;
        }
        Tile tile = tile(aligned);
        Grid grid = new Grid(Math.toIntExact(tile.count(this)), groups, 1, tile.threads, tile.sharedBytes);
        device.function(name + "_" + tile.size + "x" + tile.size + suffix).launch(stream, grid, params);
    }

    private Tile tile(boolean aligned) {
        boolean large = aligned
                && device.computeCapability() >= AMPERE
                && columns > Tile.SMALL.size
                && Tile.LARGE.count(this) * groups >= device.multiprocessors();
        return large ? Tile.LARGE : Tile.SMALL;
    }
}
