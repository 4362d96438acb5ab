package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.runtime.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Convolution of channels-last tensors. A task takes a tile of output positions and some panels of output channels: it
 * copies the input under the tile, padding included, into a slab of floats, and then adds for each run of neighbours in
 * the slab (a row of taps with all its channels where taps are adjacent) scalars of the slab times rows of the panel.
 * Summation order of every output: depth, row and column of the tap, then channel.
 */
final class ConvChannelsLast implements ConvEngine {
    private static final int MAX_PANEL = 256;
    private static final int MAX_TILE = 64;
    private static final int MIN_TILE = 8;

    private final ConvGeometry geometry;
    private final boolean exact;
    private final int panelsPerGroup;
    private final int panelWidth;
    private final boolean adjacentTaps;
    private final int joinedPixels;
    private final ScratchPool<Scratch> pool;

    private static final class Scratch {
        private float[] slab = {};
        private RowAccumulator[] rows = {};
        private final RowAccumulator joined;

        Scratch(int width, boolean exact) {
            joined = new RowAccumulator(width, exact);
        }

        void reserve(int slabSize, int rowCount, int width, boolean exact) {
            if (slab.length < slabSize) {
                slab = new float[slabSize];
            }
            int had = rows.length;
            if (had < rowCount) {
                rows = Arrays.copyOf(rows, rowCount);
                for (int i = had; i < rowCount; i++) {
                    rows[i] = new RowAccumulator(width, exact);
                }
            }
        }
    }

    ConvChannelsLast(ConvGeometry geometry, boolean exact) {
        this.geometry = geometry;
        this.exact = exact;
        int columns = geometry.groupOutChannels();
        panelsPerGroup = Math.max(1, Math.ceilDiv(columns, MAX_PANEL));
        panelWidth = Math.ceilDiv(columns, panelsPerGroup);
        adjacentTaps = geometry.group() == 1 && geometry.dilations()[2] == 1;
        // Where a pixel's channels are one panel, neighbours lie behind each other in the output.
        joinedPixels =
                columns == geometry.outChannels() && panelsPerGroup == 1 ? MAX_PANEL / Math.max(1, panelWidth) : 1;
        pool = new ScratchPool<>(() -> new Scratch(joinedPixels * panelWidth, exact));
    }

    @Override
    public float[][][] pack(Weights weights) {
        float[][][] panels = new float[geometry.group() * panelsPerGroup][][];
        int depth = geometry.depth();
        int taps = geometry.taps();
        for (int panel = 0; panel < panels.length; panel++) {
            int first = firstChannel(panel);
            int width = width(panel);
            float[][] rows = new float[depth][width];
            for (int c = 0; c < geometry.groupChannels(); c++) {
                for (int tap = 0; tap < taps; tap++) {
                    float[] row = rows[tap * geometry.groupChannels() + c];
                    for (int j = 0; j < width; j++) {
                        row[j] =
                                weights.at(first + j, ((long) (first + j) * geometry.groupChannels() + c) * taps + tap);
                    }
                }
            }
            panels[panel] = rows;
        }
        return panels;
    }

    private int firstChannel(int panel) {
        int inGroup = panel % panelsPerGroup * panelWidth;
        return panel / panelsPerGroup * geometry.groupOutChannels() + inGroup;
    }

    private int width(int panel) {
        int inGroup = panel % panelsPerGroup * panelWidth;
        return Math.max(0, Math.min(panelWidth, geometry.groupOutChannels() - inGroup));
    }

    @Override
    public void run(MemorySegment x, FloatReader reader, float[][][] packed, RowSink sink, Workers workers) {
        long pixels = (long) geometry.batch() * geometry.pixels();
        if (pixels == 0 || geometry.outChannels() == 0) {
            return;
        }
        int wanted = 4 * workers.count();
        ConvTiles tiles = ConvTiles.of(geometry, Math.clamp(pixels * packed.length / wanted, MIN_TILE, MAX_TILE));
        int tileCount = tiles.count();
        int splits = Math.clamp(Math.ceilDiv(wanted, tileCount), 1, packed.length);
        workers.forEach(Math.multiplyExact(tileCount, splits), task -> {
            ConvTiles.Tile tile = tiles.tile(task / splits);
            int split = task % splits;
            int from = (int) ((long) packed.length * split / splits);
            int to = (int) ((long) packed.length * (split + 1) / splits);
            Scratch scratch = pool.take();
            int slabSize = slabSize(tiles, tile);
            scratch.reserve(slabSize, tile.pixels(), panelWidth, exact);
            fill(tiles, tile, x, reader, scratch.slab);
            for (int panel = from; panel < to; panel++) {
                multiply(tiles, tile, scratch, packed[panel], panel);
                store(tiles, tile, scratch, panel, sink);
            }
            pool.give(scratch);
        });
    }

    private int slabSize(ConvTiles tiles, ConvTiles.Tile tile) {
        long size = (long) geometry.kernel()[0]
                * tiles.inputExtent(1, tile.rows())
                * tiles.inputExtent(2, tile.columns())
                * geometry.channels();
        return Math.toIntExact(size);
    }

    private void fill(ConvTiles tiles, ConvTiles.Tile tile, MemorySegment x, FloatReader reader, float[] slab) {
        int[] in = geometry.in();
        int channels = geometry.channels();
        int height = tiles.inputExtent(1, tile.rows());
        int width = tiles.inputExtent(2, tile.columns());
        int left = geometry.position(2, tile.x(), 0);
        int from = Math.clamp(-(long) left, 0, width);
        int to = Math.clamp((long) in[2] - left, from, width);
        for (int kz = 0; kz < geometry.kernel()[0]; kz++) {
            int z = geometry.position(0, tile.z(), kz);
            for (int row = 0; row < height; row++) {
                int y = geometry.position(1, tile.y(), 0) + row;
                int at = (kz * height + row) * width * channels;
                if (z < 0 || z >= in[0] || y < 0 || y >= in[1] || from == to) {
                    Arrays.fill(slab, at, at + width * channels, 0);
                    continue;
                }
                Arrays.fill(slab, at, at + from * channels, 0);
                Arrays.fill(slab, at + to * channels, at + width * channels, 0);
                long pixel = (((long) tile.n() * in[0] + z) * in[1] + y) * in[2] + left + from;
                reader.read(x, pixel * channels, slab, at + from * channels, (to - from) * channels);
            }
        }
    }

    private void multiply(ConvTiles tiles, ConvTiles.Tile tile, Scratch scratch, float[][] rows, int panel) {
        int width = width(panel);
        for (int pixel = 0; pixel < tile.pixels(); pixel++) {
            scratch.rows[pixel].reset(width);
        }
        int[] kernel = geometry.kernel();
        int channels = geometry.channels();
        int slabWidth = tiles.inputExtent(2, tile.columns()) * channels;
        int slabHeight = tiles.inputExtent(1, tile.rows());
        int run = geometry.groupChannels() * (adjacentTaps ? kernel[2] : 1);
        int runsPerRow = adjacentTaps ? 1 : kernel[2];
        int group = panel / panelsPerGroup;
        for (int line = 0; line < kernel[0] * kernel[1]; line++) {
            int y = line / kernel[1] * slabHeight + line % kernel[1] * geometry.dilations()[1];
            for (int kx = 0; kx < runsPerRow; kx++) {
                int at = y * slabWidth + kx * geometry.dilations()[2] * channels + group * geometry.groupChannels();
                int weight = (line * runsPerRow + kx) * run;
                for (int done = 0; done < run; done += RowAccumulator.EXACT_TERMS) {
                    int count = Math.min(RowAccumulator.EXACT_TERMS, run - done);
                    addRun(tile, scratch, slabWidth, at + done, rows, weight + done, count);
                }
            }
        }
    }

    private void addRun(
            ConvTiles.Tile tile, Scratch scratch, int slabWidth, int at, float[][] rows, int weight, int count) {
        int down = geometry.strides()[1] * slabWidth;
        int right = geometry.strides()[2] * geometry.channels();
        int pixel = 0;
        for (int row = 0; row < tile.rows(); row++) {
            for (int column = 0; column < tile.columns(); column++) {
                scratch.rows[pixel++].add(scratch.slab, at + row * down + column * right, rows, weight, count);
            }
        }
    }

    private void store(ConvTiles tiles, ConvTiles.Tile tile, Scratch scratch, int panel, RowSink sink) {
        int channel = firstChannel(panel);
        for (int row = 0; row < tile.rows(); row++) {
            for (int column = 0; column < tile.columns(); column += joinedPixels) {
                int first = row * tile.columns() + column;
                long index = tiles.outPixel(tile, row, column) * geometry.outChannels() + channel;
                int count = Math.min(joinedPixels, tile.columns() - column);
                sink.store(join(scratch, first, count), index, channel, 1);
            }
        }
    }

    /** Neighbouring pixels as one row: epilogues are faster on long rows. */
    private static RowAccumulator join(Scratch scratch, int first, int count) {
        if (count == 1) {
            return scratch.rows[first];
        }
        scratch.joined.reset(0);
        for (int i = 0; i < count; i++) {
            scratch.joined.append(scratch.rows[first + i]);
        }
        return scratch.joined;
    }
}
