package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A batch of matrix products. b is packed into panels of columns, one array a row; a task takes a tile of rows of a and
 * one panel and adds scalars of a times rows of the panel, in the order of K. Rows go to the sink with their first
 * column as channel.
 */
final class MatrixProduct {
    private static final int MAX_PANEL = 256;
    private static final int MAX_ROWS = 48;
    private static final int MIN_ROWS = 4;
    private static final int MAX_TILE_FLOATS = 1 << 18;

    private final MatrixSizes sizes;
    private final int panels;
    private final int panelWidth;
    private final int tileLimit;
    private final ScratchPool<Scratch> pool;

    private record Scratch(float[] tile, RowAccumulator[] rows) {}

    /** How a's elements are read: {@code zeroPoint} of a product's row is subtracted. */
    interface RowReaders {
        FloatReader of(int product, int row);
    }

    /**
     * Prepares for sizes.
     *
     * @param exact whether all factors are integers of magnitude at most 255, to be summed in int32
     */
    MatrixProduct(MatrixSizes sizes, boolean exact) {
        this.sizes = sizes;
        panels = Math.max(1, Math.ceilDiv(sizes.n(), MAX_PANEL));
        panelWidth = Math.ceilDiv(sizes.n(), panels);
        tileLimit = Math.clamp(MAX_TILE_FLOATS / Math.max(1, sizes.k()), 1, MAX_ROWS);
        pool = new ScratchPool<>(() -> {
            RowAccumulator[] rows = new RowAccumulator[tileLimit];
            Arrays.setAll(rows, _ -> new RowAccumulator(panelWidth, exact));
            return new Scratch(new float[Math.multiplyExact(tileLimit, sizes.k())], rows);
        });
    }

    /** The panels of b, matrix by matrix, each [K][columns]. */
    float[][][] pack(Tensor b, FloatReader reader, MatrixZeros zeros, Workers workers) {
        float[][][] packed = new float[sizes.bCount() * panels][][];
        workers.forEach(packed.length, index -> packed[index] = packPanel(b.data(), reader, zeros, index));
        return packed;
    }

    private float[][] packPanel(MemorySegment b, FloatReader reader, MatrixZeros zeros, int index) {
        int matrix = index / panels;
        int first = index % panels * panelWidth;
        int width = width(index % panels);
        int k = sizes.k();
        long base = (long) matrix * k * sizes.n();
        float[][] rows = new float[k][width];
        if (sizes.transB()) {
            float[] column = new float[k];
            for (int j = 0; j < width; j++) {
                reader.read(b, base + (long) (first + j) * k, column, 0, k);
                for (int i = 0; i < k; i++) {
                    rows[i][j] = column[i];
                }
            }
        } else {
            for (int i = 0; i < k; i++) {
                reader.read(b, base + (long) i * sizes.n() + first, rows[i], 0, width);
            }
        }
        subtract(rows, width, column -> zeros.at(matrix, first + column));
        return rows;
    }

    private static void subtract(float[][] rows, int width, IntUnaryOperator zero) {
        for (int j = 0; j < width; j++) {
            int zeroPoint = zero.applyAsInt(j);
            for (int i = 0; zeroPoint != 0 && i < rows.length; i++) {
                rows[i][j] -= zeroPoint;
            }
        }
    }

    private int width(int panel) {
        return Math.max(0, Math.min(panelWidth, sizes.n() - panel * panelWidth));
    }

    void run(MemorySegment a, RowReaders readers, float[][][] packed, RowSink sink, Workers workers) {
        long count = (long) sizes.products() * sizes.m() * sizes.n();
        if (count == 0) {
            return;
        }
        long rows = (long) sizes.products() * sizes.m() * panels;
        int tile = Math.min(tileLimit, Math.clamp(rows / (4L * workers.count()), MIN_ROWS, MAX_ROWS));
        int tiles = Math.ceilDiv(sizes.m(), tile);
        workers.forEach(Math.toIntExact((long) sizes.products() * tiles * panels), task -> {
            int panel = task % panels;
            int product = task / panels / tiles;
            int first = task / panels % tiles * tile;
            int height = Math.min(tile, sizes.m() - first);
            Scratch scratch = pool.take();
            for (int i = 0; i < height; i++) {
                long index = sizes.aIndex(product, first + i);
                FloatReader reader = readers.of(product, first + i);
                reader.read(a, index, sizes.aStride(), scratch.tile, i * sizes.k(), sizes.k());
            }
            multiply(scratch, height, packed[sizes.bMatrix()[product] * panels + panel], width(panel));
            int column = panel * panelWidth;
            for (int i = 0; i < height; i++) {
                long row = (long) product * sizes.m() + first + i;
                sink.store(scratch.rows[i], row * sizes.n() + column, column, 1);
            }
            pool.give(scratch);
        });
    }

    private void multiply(Scratch scratch, int height, float[][] b, int width) {
        for (int i = 0; i < height; i++) {
            scratch.rows[i].reset(width);
        }
        for (int done = 0; done < sizes.k(); done += RowAccumulator.EXACT_TERMS) {
            int count = Math.min(RowAccumulator.EXACT_TERMS, sizes.k() - done);
            for (int i = 0; i < height; i++) {
                scratch.rows[i].add(scratch.tile, i * sizes.k() + done, b, done, count);
            }
        }
    }
}
