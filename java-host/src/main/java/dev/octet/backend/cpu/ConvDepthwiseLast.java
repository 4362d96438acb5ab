package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.runtime.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Depthwise convolution of channels-last tensors. A row is a run of neighbouring pixels with all their channels, or one
 * pixel with a block of channels where these are many. A task takes a tile of such rows: it copies the input under the
 * tile once for each column of taps, shifted so that all taps of an output have its index, and adds products of these
 * copies and the taps' weights, repeated for each pixel. Summation order of every output: depth, row and column of the
 * tap.
 */
final class ConvDepthwiseLast implements ConvEngine {
    private static final int MAX_BLOCK = 1024;
    private static final int ROW = 512;
    private static final int MAX_ROWS = 16;

    private final ConvGeometry geometry;
    private final boolean exact;
    private final int blocks;
    private final int blockWidth;
    private final int columns;
    private final ScratchPool<Scratch> pool;

    /** The converted input line, and its shifted copies by input line of the tile and column of the window. */
    private static final class Scratch {
        private final RowAccumulator sums;
        private final float[] line;
        private float[][][] shifted = {};

        Scratch(int rowLength, int lineLength, boolean exact) {
            sums = new RowAccumulator(rowLength, exact);
            line = new float[lineLength];
        }

        void reserve(int lines, int kernelWidth, int rowLength) {
            int had = shifted.length;
            if (had < lines) {
                shifted = Arrays.copyOf(shifted, lines);
                for (int i = had; i < lines; i++) {
                    shifted[i] = new float[kernelWidth][rowLength];
                }
            }
        }
    }

    ConvDepthwiseLast(ConvGeometry geometry, boolean exact) {
        this.geometry = geometry;
        this.exact = exact;
        blocks = Math.max(1, Math.ceilDiv(geometry.channels(), MAX_BLOCK));
        blockWidth = Math.ceilDiv(geometry.channels(), blocks);
        columns = blocks > 1 ? 1 : Math.clamp(ROW / Math.max(1, blockWidth), 1, Math.max(1, geometry.out()[2]));
        int span = new ConvTiles(geometry, 1, columns).inputExtent(2, columns);
        pool = new ScratchPool<>(() -> new Scratch(columns * blockWidth, span * blockWidth, this.exact));
    }

    @Override
    public float[][][] pack(Weights weights) {
        int taps = geometry.taps();
        float[][][] packed = new float[blocks][taps][columns * blockWidth];
        for (int block = 0; block < blocks; block++) {
            int first = block * blockWidth;
            int width = width(block);
            for (int tap = 0; tap < taps; tap++) {
                float[] row = packed[block][tap];
                for (int j = 0; j < width; j++) {
                    row[j] = weights.at(first + j, (long) (first + j) * taps + tap);
                }
                for (int pixel = 1; pixel < columns; pixel++) {
                    System.arraycopy(row, 0, row, pixel * width, width);
                }
            }
        }
        return packed;
    }

    private int width(int block) {
        return Math.max(0, Math.min(blockWidth, geometry.channels() - block * blockWidth));
    }

    @Override
    public void run(MemorySegment x, FloatReader reader, float[][][] packed, RowSink sink, Workers workers) {
        if ((long) geometry.batch() * geometry.pixels() * geometry.channels() == 0) {
            return;
        }
        long rows = (long) geometry.batch() * geometry.pixels() / columns * blocks;
        ConvTiles tiles = new ConvTiles(geometry, Math.clamp(rows / (4L * workers.count()), 1, MAX_ROWS), columns);
        workers.forEach(Math.multiplyExact(tiles.count(), blocks), task -> {
            ConvTiles.Tile tile = tiles.tile(task / blocks);
            int block = task % blocks;
            Scratch scratch = pool.take();
            int height = tiles.inputExtent(1, tile.rows());
            scratch.reserve(geometry.kernel()[0] * height, geometry.kernel()[2], columns * blockWidth);
            fill(tile, height, block, x, reader, scratch);
            for (int row = 0; row < tile.rows(); row++) {
                scratch.sums.reset(tile.columns() * width(block));
                multiply(scratch, row * geometry.strides()[1], height, packed[block]);
                int channel = block * blockWidth;
                sink.store(scratch.sums, tiles.outPixel(tile, row, 0) * geometry.channels() + channel, channel, 1);
            }
            pool.give(scratch);
        });
    }

    private void fill(
            ConvTiles.Tile tile, int height, int block, MemorySegment x, FloatReader reader, Scratch scratch) {
        int[] in = geometry.in();
        int width = width(block);
        for (int kz = 0; kz < geometry.kernel()[0]; kz++) {
            int z = geometry.position(0, tile.z(), kz);
            for (int row = 0; row < height; row++) {
                int y = geometry.position(1, tile.y(), 0) + row;
                float[][] shifted = scratch.shifted[kz * height + row];
                if (z < 0 || z >= in[0] || y < 0 || y >= in[1]) {
                    for (float[] copy : shifted) {
                        Arrays.fill(copy, 0, tile.columns() * width, 0);
                    }
                    continue;
                }
                long line = (((long) tile.n() * in[0] + z) * in[1] + y) * in[2];
                readLine(tile, block, x, reader, line, scratch.line);
                for (int kx = 0; kx < shifted.length; kx++) {
                    shift(scratch.line, kx * geometry.dilations()[2], tile.columns(), width, shifted[kx]);
                }
            }
        }
    }

    private void readLine(
            ConvTiles.Tile tile, int block, MemorySegment x, FloatReader reader, long line, float[] into) {
        int width = width(block);
        int span =
                (tile.columns() - 1) * geometry.strides()[2] + (geometry.kernel()[2] - 1) * geometry.dilations()[2] + 1;
        int left = geometry.position(2, tile.x(), 0);
        int from = Math.clamp(-(long) left, 0, span);
        int to = Math.clamp((long) geometry.in()[2] - left, from, span);
        Arrays.fill(into, 0, from * width, 0);
        Arrays.fill(into, to * width, span * width, 0);
        long first = (line + left + from) * geometry.channels() + (long) block * blockWidth;
        if (blocks == 1) {
            reader.read(x, first, into, from * width, (to - from) * width);
            return;
        }
        for (int pixel = from; pixel < to; pixel++) {
            reader.read(x, first + (long) (pixel - from) * geometry.channels(), into, pixel * width, width);
        }
    }

    private void shift(float[] line, int pixels, int count, int width, float[] into) {
        int stride = geometry.strides()[2];
        if (stride == 1) {
            System.arraycopy(line, pixels * width, into, 0, count * width);
            return;
        }
        for (int i = 0; i < count; i++) {
            System.arraycopy(line, (pixels + i * stride) * width, into, i * width, width);
        }
    }

    private void multiply(Scratch scratch, int firstLine, int height, float[][] weights) {
        int[] kernel = geometry.kernel();
        for (int line = 0; line < kernel[0] * kernel[1]; line++) {
            int y = firstLine + line / kernel[1] * height + line % kernel[1] * geometry.dilations()[1];
            for (int done = 0; done < kernel[2]; done += RowAccumulator.EXACT_TERMS) {
                int count = Math.min(RowAccumulator.EXACT_TERMS, kernel[2] - done);
                scratch.sums.addProducts(scratch.shifted[y], done, weights, line * kernel[2] + done, count);
            }
        }
    }
}
