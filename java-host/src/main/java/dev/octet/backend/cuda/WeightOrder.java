package dev.octet.backend.cuda;

import dev.octet.graph.op.ConvGeometry;

/**
 * Where the weights of integer products lie in a tensor: element (column, tap, channel) of a group's columns is at
 * {@code column * columnStride + tap * tapStride + channel * channelStride}, columns counted through all groups.
 *
 * @param columns of a group
 */
record WeightOrder(
        int groups, int columns, int taps, int channels, long columnStride, long tapStride, long channelStride) {
    /** A convolution's weight [outChannels, groupChannels, kernel...]. */
    static WeightOrder ofConv(ConvGeometry g) {
        return new WeightOrder(g.group(), g.groupOutChannels(), g.taps(), g.groupChannels(), g.depth(), 1, g.taps());
    }

    /** A matrix [depth, columns]. */
    static WeightOrder ofMatrix(int depth, int columns) {
        return new WeightOrder(1, columns, 1, depth, 1, 0, columns);
    }

    int depth() {
        return Math.multiplyExact(taps, channels);
    }

    int allColumns() {
        return Math.multiplyExact(groups, columns);
    }
}
