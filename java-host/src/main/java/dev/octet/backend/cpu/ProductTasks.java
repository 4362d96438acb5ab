package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;

/** Splits a native product into tasks of whole tiles. How it is split does not change any result. */
final class ProductTasks {
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

    /** Computes rows {@code first} to {@code first + count} of some panels. */
    interface Body {
        void run(long first, long count, NativeLibrary.Panels panels);
    }

    private ProductTasks() {}

    /** How many rows and panels there are, and how many of them make a task. */
    private record Split(long rows, long panels, long taskRows, long taskPanels) {
        void forEach(Workers workers, Body body) {
            long across = Math.ceilDiv(panels, taskPanels);
            workers.forEach(Math.toIntExact(Math.ceilDiv(rows, taskRows) * across), task -> {
                long row = task / across * taskRows;
                long panel = task % across * taskPanels;
                body.run(
                        row,
                        Math.min(taskRows, rows - row),
                        new NativeLibrary.Panels(panel, Math.min(taskPanels, panels - panel)));
            });
        }
    }

    /**
     * Runs all tasks, splitting rows as far as they go: each row is prepared for its products by one task.
     *
     * @param depth products that each result sums up
     */
    static void forEach(Workers workers, long rows, long columns, long depth, Body body) {
        if (rows == 0 || columns == 0) {
            return;
        }
        long panels = Math.ceilDiv(columns, IntegerProduct.PANEL);
        long wanted = wanted(workers, rows, panels, depth);
        long taskRows = roundUp(Math.ceilDiv(rows, wanted), ROW_UNIT);
        long panelTasks = Math.max(1, wanted / Math.ceilDiv(rows, taskRows));
        long taskPanels = roundUp(Math.ceilDiv(panels, panelTasks), PANEL_UNIT);
        new Split(rows, panels, taskRows, taskPanels).forEach(workers, body);
    }

    /**
     * Runs all tasks of a kernel that reads rows where they lie, splitting the larger operand first: every task reads
     * its part of both, so that tasks of few rows would each read all of the weights.
     *
     * @param depth products that each result sums up
     */
    static void forEachInPlace(Workers workers, long rows, long columns, long depth, Body body) {
        if (columns <= rows) {
            forEach(workers, rows, columns, depth, body);
            return;
        }
        if (rows == 0) {
            return;
        }
        long panels = Math.ceilDiv(columns, IntegerProduct.PANEL);
        long wanted = wanted(workers, rows, panels, depth);
        long taskPanels = roundUp(Math.ceilDiv(panels, wanted), PANEL_UNIT);
        long rowTasks = Math.max(1, wanted / Math.ceilDiv(panels, taskPanels));
        long taskRows = roundUp(Math.ceilDiv(rows, rowTasks), ROW_UNIT);
        new Split(rows, panels, taskRows, taskPanels).forEach(workers, body);
    }

    private static long wanted(Workers workers, long rows, long panels, long depth) {
        long worth = Math.max(1, rows * panels * IntegerProduct.PANEL * Math.max(1, depth) / MIN_TASK_PRODUCTS);
        return workers.count() == 1 ? 1 : Math.min(worth, workers.count() * TASKS_PER_THREAD);
    }

    /** Computes rows {@code first} to {@code first + count}. */
    interface Rows {
        void run(long first, long count);
    }

    /**
     * Runs tasks of whole rows of a kernel that takes each channel alone.
     *
     * @param rowProducts products, or comparisons, that one row takes
     */
    static void forEachRows(Workers workers, long rows, long rowProducts, Rows body) {
        share(workers, rows, rows * rowProducts / MIN_TASK_CHANNEL_PRODUCTS, body);
    }

    /**
     * Runs tasks of whole lines of a product.
     *
     * @param lineProducts products that one line takes
     */
    static void forEachLine(Workers workers, long lines, long lineProducts, Rows body) {
        share(workers, lines, lines * lineProducts / MIN_TASK_PRODUCTS, body);
    }

    private static void share(Workers workers, long rows, long worth, Rows body) {
        long wanted = workers.count() == 1 ? 1 : Math.clamp(worth, 1, workers.count() * TASKS_PER_THREAD);
        long taskRows = Math.max(1, Math.ceilDiv(rows, wanted));
        workers.forEach(Math.toIntExact(Math.ceilDiv(rows, taskRows)), task -> {
            long row = task * taskRows;
            body.run(row, Math.min(taskRows, rows - row));
        });
    }

    private static long roundUp(long value, long unit) {
        return Math.ceilDiv(value, unit) * unit;
    }
}
