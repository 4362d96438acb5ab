package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The fields of {@code octet_weights}: element (column, tap, channel) is at {@code column * columnStride + tap *
 * tapStride + channel * channelStride}.
 *
 * @param lines of the kernel that the taps lie in
 */
record NativeWeights(
        MemorySegment data,
        long columns,
        long taps,
        long depth,
        long columnStride,
        long tapStride,
        long channelStride,
        long lines) {
    private static final int SIZE_BYTES = 8 * Long.BYTES;

    /** One group of a convolution's weight [outChannels, groupChannels, kernel...] in native memory. */
    static NativeWeights ofConv(MemorySegment data, ConvGeometry g, int group) {
        long taps = g.taps();
        long filter = taps * g.groupChannels();
        long bytes = data.byteSize() / g.group();
        return new NativeWeights(
                data.asSlice(group * bytes, bytes),
                g.groupOutChannels(),
                taps,
                g.groupChannels(),
                filter,
                1,
                taps,
                g.kernel()[1]);
    }

    /** A depthwise convolution's weight [channels, 1, kernel...]. */
    static NativeWeights ofDepthwise(MemorySegment data, ConvGeometry g) {
        return new NativeWeights(data, g.channels(), g.taps(), 1, g.taps(), 1, 1, g.kernel()[1]);
    }

    /** A matrix [depth, columns]. */
    static NativeWeights ofMatrix(MemorySegment data, long depth, long columns) {
        return ofStrides(data, depth, columns, columns, 1);
    }

    /** A matrix [columns, depth]. */
    static NativeWeights ofTransposed(MemorySegment data, long depth, long columns) {
        return ofStrides(data, depth, columns, 1, depth);
    }

    /** A matrix with any distances between rows and between columns. */
    static NativeWeights ofStrides(MemorySegment data, long depth, long columns, long rowStride, long columnStride) {
        return new NativeWeights(data, columns, 1, depth, columnStride, 0, rowStride, 1);
    }

    /** The structure, valid as long as {@code arena}. */
    MemorySegment struct(Arena arena) {
        return new NativeStruct(arena, SIZE_BYTES)
                .address(data)
                .longs(columns, taps, depth, columnStride, tapStride, channelStride, lines)
                .done();
    }

    /** The tensor's memory, copied if it is on the heap. */
    static MemorySegment inNative(Tensor tensor, Arena arena) {
        if (tensor.data().isNative()) {
            return tensor.data();
        }
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape(), arena);
        copy.copyFrom(tensor);
        return copy.data();
    }
}
