package dev.octet.backend.cuda;

import java.util.Arrays;
import java.util.Optional;

/** The tiles of {@code qproduct_warpgroup.cuh}, largest first. */
enum WarpgroupTile {
    WIDE(128, 256, 256),
    LARGE(128, 128, 256),
    SMALL(64, 64, 128);

    private static final int STAGES = 6;

    private final int rows;
    private final int columns;
    private final int threads;

    WarpgroupTile(int rows, int columns, int threads) {
        this.rows = rows;
        this.columns = columns;
        this.threads = threads;
    }

    static Optional<WarpgroupTile> of(String label) {
        return Arrays.stream(values())
                .filter(tile -> tile.label().equals(label))
                .findFirst();
    }

    String label() {
        return rows + "x" + columns;
    }

    /** The name of its kernel up to the types, with the shape of the instruction. */
    String stem() {
        return "octet_igmma64x" + columns + "x32_qgemm";
    }

    String kernel() {
        return stem() + "_i8s8_" + label();
    }

    /** Whether its kernel takes x only where 16 bytes can be read at once. */
    boolean readsAligned() {
        return this != SMALL;
    }

    /** The launch that computes a product. */
    Grid grid(QProduct product) {
        int blocks = Math.toIntExact(blocks(product));
        return new Grid(blocks, 1, 1, threads, STAGES * (rows + columns) * PackedProduct.DEPTH);
    }

    private long blocks(QProduct product) {
        return Math.ceilDiv(product.rows(), (long) rows) * Math.ceilDiv(product.columns(), columns);
    }

    /** Whether the product's rows lie as its kernel reads them, if x does. */
    boolean reads(QProduct product) {
        return !readsAligned() || product.depth() % PackedProduct.PIECE == 0;
    }

    private boolean suits(QProduct product, int multiprocessors) {
        return reads(product) && 2 * product.columns() > columns && blocks(product) >= multiprocessors;
    }

    /** The largest that is not mostly empty, gives every multiprocessor work, and can read the product's rows. */
    static WarpgroupTile best(QProduct product, int multiprocessors) {
        return Arrays.stream(values())
                .filter(tile -> tile.suits(product, multiprocessors))
                .findFirst()
                .orElse(SMALL);
    }
}
