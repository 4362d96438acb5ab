package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.PoolWindow;

/** The fields of {@code octet_window}: where the rows of a product's left operand lie. */
record NativeWindow(
        int inHeight,
        int inWidth,
        long pixelStride,
        int[] out,
        int[] kernel,
        int[] strides,
        int[] dilations,
        int[] pads,
        long depth) {
    /** {@code sizeof(octet_window)}. */
    static final int SIZE_BYTES = 14 * Long.BYTES;

    /** A convolution over at most two axes in channels-last layout. */
    static NativeWindow of(ConvGeometry g) {
        return new NativeWindow(
                g.in()[1],
                g.in()[2],
                g.channels(),
                new int[] {g.out()[1], g.out()[2]},
                new int[] {g.kernel()[1], g.kernel()[2]},
                new int[] {g.strides()[1], g.strides()[2]},
                new int[] {g.dilations()[1], g.dilations()[2]},
                new int[] {g.pads()[1], g.pads()[2]},
                g.groupChannels());
    }

    /** A pooling over at most two axes in channels-last layout. */
    static NativeWindow of(PoolWindow w) {
        return new NativeWindow(
                w.in()[1],
                w.in()[2],
                w.channels(),
                new int[] {w.out()[1], w.out()[2]},
                new int[] {w.kernel()[1], w.kernel()[2]},
                new int[] {w.strides()[1], w.strides()[2]},
                new int[] {w.dilations()[1], w.dilations()[2]},
                new int[] {w.pads()[1], w.pads()[2]},
                w.channels());
    }

    /** A matrix [rows, depth]. */
    static NativeWindow matrix(long rows, long depth) {
        return rows(rows, depth, depth);
    }

    /** A matrix whose rows start {@code stride} elements apart. */
    static NativeWindow rows(long rows, long depth, long stride) {
        int count = Math.toIntExact(rows);
        int[] ones = {1, 1};
        return new NativeWindow(
                1, count, Math.max(stride, depth), new int[] {1, count}, ones, ones, ones, new int[2], depth);
    }

    long taps() {
        return (long) kernel[0] * kernel[1];
    }

    void write(NativeStruct struct) {
        struct.longs(inHeight, inWidth, pixelStride);
        for (int[] pair : new int[][] {out, kernel, strides, dilations, pads}) {
            struct.longs(pair[0], pair[1]);
        }
        struct.longs(depth);
    }
}
