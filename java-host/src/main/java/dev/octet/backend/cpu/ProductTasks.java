package dev.octet.backend.cpu;

import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Splits a native product into tasks of whole tiles. How it is split does not change any result. */
final class ProductTasks implements BoundKernel {
    /** Rows of a task are a multiple of this: of the rows of every kernel's tile. */
    private static final long ROW_UNIT = 24;

    /** Panels of a task are a multiple of this: of the panels of every kernel's tile. */
    private static final long PANEL_UNIT = 4;

    /** Several for each thread, so that a late one does not hold up the rest. */
    private static final long TASKS_PER_THREAD = 4;

    /** Less work than this is not worth sharing, which costs a fifth of a microsecond: a microsecond with AVX2. */
    private static final long MIN_TASK_PRODUCTS = 64_000;

    /** The same for kernels that take each channel alone, and so load two operands for each product. */
    private static final long MIN_TASK_CHANNEL_PRODUCTS = 16_000;

    /** A task: some rows, and some groups of 16 columns where a kernel knows such. */
    record Part(long row, long rows, long panel, long panels) {}

    /** Computes a task. */
    interface Body {
        void run(Part part);
    }

    /** Cuts work for so many threads. */
    private interface Cut {
        List<Part> parts(int threads);
    }

    private final Cut cut;
    private final Body body;
    private int threads;
    private Part[] parts = {};
    private final IntConsumer task;

    private ProductTasks(Cut cut, Body body) {
        this.cut = cut;
        this.body = body;
        this.task = this::runTask;
    }

    private void runTask(int number) {
        body.run(parts[number]);
    }

    @Override
    public void run(Workers workers) {
        if (workers.count() != threads) {
            threads = workers.count();
            parts = cut.parts(threads).toArray(Part[]::new);
        }
        workers.forEach(parts.length, task);
    }

    /**
     * A product in tasks of whole tiles, rows split as far as they go: each row is prepared for its products by one task.
     *
     * @param depth products that each result sums up
     */
    static BoundKernel tiles(long rows, long columns, long depth, Body body) {
        return rows == 0 || columns == 0
                ? _ -> {}
                : new ProductTasks(threads -> byRows(rows, columns, depth, threads), body);
    }

    /**
     * A product of a kernel that reads rows where they lie, the larger operand split first: every task reads its part of
     * both, so that tasks of few rows would each read all of the weights.
     *
     * @param depth products that each result sums up
     */
    static BoundKernel tilesInPlace(long rows, long columns, long depth, Body body) {
        return rows == 0 || columns <= rows
                ? tiles(rows, columns, depth, body)
                : new ProductTasks(threads -> byPanels(rows, columns, depth, threads), body);
    }

    private static List<Part> byRows(long rows, long columns, long depth, int threads) {
        long panels = Math.ceilDiv(columns, IntegerProduct.PANEL);
        long wanted = wanted(rows, panels, depth, threads);
        long taskRows = roundUp(Math.ceilDiv(rows, wanted), ROW_UNIT);
        long panelTasks = Math.max(1, wanted / Math.ceilDiv(rows, taskRows));
        return grid(rows, panels, taskRows, roundUp(Math.ceilDiv(panels, panelTasks), PANEL_UNIT));
    }

    private static List<Part> byPanels(long rows, long columns, long depth, int threads) {
        long panels = Math.ceilDiv(columns, IntegerProduct.PANEL);
        long wanted = wanted(rows, panels, depth, threads);
        long taskPanels = roundUp(Math.ceilDiv(panels, wanted), PANEL_UNIT);
        long rowTasks = Math.max(1, wanted / Math.ceilDiv(panels, taskPanels));
        return grid(rows, panels, roundUp(Math.ceilDiv(rows, rowTasks), ROW_UNIT), taskPanels);
    }

    private static long wanted(long rows, long panels, long depth, int threads) {
        long worth = Math.max(1, rows * panels * IntegerProduct.PANEL * Math.max(1, depth) / MIN_TASK_PRODUCTS);
        return threads == 1 ? 1 : Math.min(worth, threads * TASKS_PER_THREAD);
    }

    private static List<Part> grid(long rows, long panels, long taskRows, long taskPanels) {
        List<Part> parts = new ArrayList<>();
        for (long row = 0; row < rows; row += taskRows) {
            for (long panel = 0; panel < panels; panel += taskPanels) {
                parts.add(new Part(row, Math.min(taskRows, rows - row), panel, Math.min(taskPanels, panels - panel)));
            }
        }
        return parts;
    }

    /**
     * Tasks of whole rows of a kernel that takes each channel alone.
     *
     * @param rowProducts products, or comparisons, that one row takes
     */
    static BoundKernel rows(long rows, long rowProducts, Body body) {
        return rows(rows, 1, rowProducts, body);
    }

    /**
     * The same, of whole lines of a window's rows unless there are too few of them for all threads.
     *
     * @param line rows of a line
     */
    static BoundKernel rows(long rows, long line, long rowProducts, Body body) {
        long worth = rows * rowProducts / MIN_TASK_CHANNEL_PRODUCTS;
        return new ProductTasks(threads -> rows(rows, rows < line * threads ? 1 : line, worth, threads), body);
    }

    /**
     * Tasks of whole lines of a product.
     *
     * @param lineProducts products that one line takes
     */
    static BoundKernel lines(long lines, long lineProducts, Body body) {
        long worth = lines * lineProducts / MIN_TASK_PRODUCTS;
        return new ProductTasks(threads -> rows(lines, 1, worth, threads), body);
    }

    private static List<Part> rows(long rows, long unit, long worth, int threads) {
        long wanted = threads == 1 ? 1 : Math.clamp(worth, 1, threads * TASKS_PER_THREAD);
        long taskRows = roundUp(Math.max(1, Math.ceilDiv(rows, wanted)), Math.max(1, unit));
        List<Part> parts = new ArrayList<>();
        for (long row = 0; row < rows; row += taskRows) {
            parts.add(new Part(row, Math.min(taskRows, rows - row), 0, 0));
        }
        return parts;
    }

    private static long roundUp(long value, long unit) {
        return Math.ceilDiv(value, unit) * unit;
    }
}
