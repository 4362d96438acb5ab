package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;

/**
 * The output of a channels-last convolution cut into tiles of rows and columns of one image and one depth.
 *
 * @param rows most output rows in a tile
 * @param columns most output columns
 */
record ConvTiles(ConvGeometry geometry, int rows, int columns) {
    /**
     * A tile: output rows {@code y .. y + rows}, columns {@code x .. x + columns} at image {@code n}, depth {@code z}.
     */
    record Tile(int n, int z, int y, int rows, int x, int columns) {
        int pixels() {
            return rows * columns;
        }
    }

    /** Tiles of about so many pixels: near to square where windows overlap, so that few inputs are read twice. */
    static ConvTiles of(ConvGeometry geometry, int pixels) {
        int width = Math.max(1, geometry.out()[2]);
        int target = geometry.taps() > 1 ? (int) Math.ceil(Math.sqrt(pixels)) : pixels;
        int chunks = Math.ceilDiv(width, target);
        int columns = Math.ceilDiv(width, chunks);
        return new ConvTiles(geometry, Math.max(1, pixels / columns), columns);
    }

    private int down() {
        return Math.ceilDiv(geometry.out()[1], rows);
    }

    private int across() {
        return Math.ceilDiv(geometry.out()[2], columns);
    }

    int count() {
        return Math.toIntExact((long) geometry.batch() * geometry.out()[0] * down() * across());
    }

    Tile tile(int index) {
        int across = across();
        int down = down();
        int x = index % across * columns;
        int y = index / across % down * rows;
        int plane = index / across / down;
        int depth = geometry.out()[0];
        return new Tile(
                plane / depth,
                plane % depth,
                y,
                Math.min(rows, geometry.out()[1] - y),
                x,
                Math.min(columns, geometry.out()[2] - x));
    }

    /** Input rows under {@code outputs} output rows (axis 1) or columns (axis 2). */
    int inputExtent(int axis, int outputs) {
        return (outputs - 1) * geometry.strides()[axis]
                + (geometry.kernel()[axis] - 1) * geometry.dilations()[axis]
                + 1;
    }

    /** The index among the output's pixels of a tile's pixel. */
    long outPixel(Tile tile, int row, int column) {
        int[] out = geometry.out();
        long plane = (long) tile.n() * out[0] + tile.z();
        return (plane * out[1] + tile.y() + row) * out[2] + tile.x() + column;
    }
}
