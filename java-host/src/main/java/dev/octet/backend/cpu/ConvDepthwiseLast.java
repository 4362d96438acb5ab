package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Depthwise convolution of channels-last tensors. A task takes a tile of output positions and a block of channels: it
 * copies the input under the tile as one row of channels a position and adds products of such rows and the taps' weights.
 * Summation order of every output: depth, row and column of the tap.
 */
final class ConvDepthwiseLast implements ConvEngine {
    private static final int MAX_BLOCK = 256;
    private static final int MAX_TILE = 64;
    private static final int MIN_TILE = 8;

    private final ConvGeometry geometry;
    private final boolean exact;
    private final int blocks;
    private final int blockWidth;
    private final ScratchPool<Scratch> pool;

    private static final class Scratch {
        private final RowAccumulator sums;
        private final float[][] line;
        private float[][] slab = {};

        Scratch(int width, boolean exact, int kernelWidth) {
            sums = new RowAccumulator(width, exact);
            line = new float[kernelWidth][];
        }

        void reserve(int positions, int width) {
            int had = slab.length;
            if (had < positions) {
                slab = Arrays.copyOf(slab, positions);
                for (int i = had; i < positions; i++) {
                    slab[i] = new float[width];
                }
            }
        }
    }

    ConvDepthwiseLast(ConvGeometry geometry, boolean exact) {
        this.geometry = geometry;
        this.exact = exact;
        blocks = Math.max(1, Math.ceilDiv(geometry.channels(), MAX_BLOCK));
        blockWidth = Math.ceilDiv(geometry.channels(), blocks);
        pool = new ScratchPool<>(() -> new Scratch(blockWidth, this.exact, geometry.kernel()[2]));
    }

    @Override
    public float[][][] pack(Weights weights) {
        int taps = geometry.taps();
        float[][][] packed = new float[blocks][taps][];
        for (int block = 0; block < blocks; block++) {
            int first = block * blockWidth;
            int width = width(block);
            for (int tap = 0; tap < taps; tap++) {
                float[] row = new float[width];
                for (int j = 0; j < width; j++) {
                    row[j] = weights.at(first + j, (long) (first + j) * taps + tap);
                }
                packed[block][tap] = row;
            }
        }
        return packed;
    }

    private int width(int block) {
        return Math.max(0, Math.min(blockWidth, geometry.channels() - block * blockWidth));
    }

    @Override
    public void run(MemorySegment x, FloatReader reader, float[][][] packed, RowSink sink, Workers workers) {
        long pixels = (long) geometry.batch() * geometry.pixels();
        if (pixels == 0 || geometry.channels() == 0) {
            return;
        }
        ConvTiles tiles =
                ConvTiles.of(geometry, Math.clamp(pixels * blocks / (4L * workers.count()), MIN_TILE, MAX_TILE));
        workers.forEach(Math.multiplyExact(tiles.count(), blocks), task -> {
            ConvTiles.Tile tile = tiles.tile(task / blocks);
            int block = task % blocks;
            Scratch scratch = pool.take();
            int height = tiles.inputExtent(1, tile.rows());
            int width = tiles.inputExtent(2, tile.columns());
            scratch.reserve(geometry.kernel()[0] * height * width, blockWidth);
            fill(tile, height, width, block, x, reader, scratch.slab);
            for (int row = 0; row < tile.rows(); row++) {
                for (int column = 0; column < tile.columns(); column++) {
                    scratch.sums.reset(width(block));
                    int corner = row * geometry.strides()[1] * width + column * geometry.strides()[2];
                    multiply(scratch, corner, height, width, packed[block]);
                    long pixel = tiles.outPixel(tile, row, column);
                    int channel = block * blockWidth;
                    sink.store(scratch.sums, pixel * geometry.channels() + channel, channel, 1);
                }
            }
            pool.give(scratch);
        });
    }

    private void fill(
            ConvTiles.Tile tile,
            int height,
            int width,
            int block,
            MemorySegment x,
            FloatReader reader,
            float[][] slab) {
        int[] in = geometry.in();
        int channels = width(block);
        int left = geometry.position(2, tile.x(), 0);
        for (int kz = 0; kz < geometry.kernel()[0]; kz++) {
            int z = geometry.position(0, tile.z(), kz);
            for (int row = 0; row < height; row++) {
                int y = geometry.position(1, tile.y(), 0) + row;
                boolean inside = z >= 0 && z < in[0] && y >= 0 && y < in[1];
                for (int column = 0; column < width; column++) {
                    float[] into = slab[(kz * height + row) * width + column];
                    int at = left + column;
                    if (!inside || at < 0 || at >= in[2]) {
                        Arrays.fill(into, 0, channels, 0);
                        continue;
                    }
                    long pixel = (((long) tile.n() * in[0] + z) * in[1] + y) * in[2] + at;
                    reader.read(x, pixel * geometry.channels() + (long) block * blockWidth, into, 0, channels);
                }
            }
        }
    }

    private void multiply(Scratch scratch, int corner, int height, int width, float[][] weights) {
        int[] kernel = geometry.kernel();
        int[] dilations = geometry.dilations();
        for (int line = 0; line < kernel[0] * kernel[1]; line++) {
            int y = line / kernel[1] * height + line % kernel[1] * dilations[1];
            int at = corner + y * width;
            for (int kx = 0; kx < kernel[2]; kx++) {
                scratch.line[kx] = scratch.slab[at + kx * dilations[2]];
            }
            for (int done = 0; done < kernel[2]; done += RowAccumulator.EXACT_TERMS) {
                int count = Math.min(RowAccumulator.EXACT_TERMS, kernel[2] - done);
                scratch.sums.addProducts(scratch.line, done, weights, line * kernel[2] + done, count);
            }
        }
    }
}
