package dev.octet.backend.cuda;

import dev.octet.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * The left side and the packed weights of an integer product as kernels take them: {@code octet::qproduct::Operands}.
 *
 * @param xType of the left side: unsigned or signed bytes
 * @param stride bytes from row to row of a matrix, from pixel to pixel under a window
 * @param groupStride bytes from group to group
 * @param columns of a group
 * @param channels under a window: of a tap of a group; of a matrix: its depth
 */
record ProductOperands(DType xType, int stride, int groupStride, int rows, int columns, int taps, int channels) {
    /** Bytes that a kernel may read of x at once. */
    int access(MemorySegment x) {
        return ProductEpilogue.access(x.address(), stride, groupStride, channels);
    }

    KernelParams of(MemorySegment x, PackedProduct packed) {
        return of(x, packed.weights(), packed.padding());
    }

    /** The operands where the right side is no packed weight. */
    KernelParams unpacked(MemorySegment x) {
        return of(x, MemorySegment.NULL, MemorySegment.NULL);
    }

    private KernelParams of(MemorySegment x, MemorySegment weights, MemorySegment padding) {
        int depth = Math.multiplyExact(taps, channels);
        return new KernelParams()
                .pointer(x)
                .pointer(weights)
                .pointer(padding)
                .s64(stride)
                .s64(groupStride)
                .s32(access(x))
                .s32(xType == DType.S8 ? 1 : 0)
                .s32(rows)
                .s32(columns)
                .s32(PackedProduct.roundUp(columns, PackedProduct.COLUMNS))
                .s32(depth)
                .s32(channels)
                .s32(PackedProduct.roundUp(depth, PackedProduct.DEPTH));
    }
}
