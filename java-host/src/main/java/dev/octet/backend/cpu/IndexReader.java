package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;

/** Reads s32 or s64 indices that address an axis, negative ones from the end, and checks them. */
final class IndexReader {
    private final Tensor indices;
    private final boolean wide;

    IndexReader(Tensor indices) {
        this.indices = indices;
        this.wide = indices.dtype() == DType.S64;
    }

    /** The index at a row-major place as a position in [0, extent). */
    long at(long place, long extent) {
        long index = wide
                ? indices.data().get(Tensor.S64_LAYOUT, place * Long.BYTES)
                : indices.data().get(Tensor.S32_LAYOUT, place * Integer.BYTES);
        long position = index < 0 ? index + extent : index;
        if (position < 0 || position >= extent) {
            throw ModelException.data("index " + index + " at " + place + " is outside an axis of extent " + extent);
        }
        return position;
    }

    /**
     * The position of the slice that {@code extents.length} indices from {@code place} on address, in units of slices.
     */
    long slice(long place, long[] extents) {
        long position = 0;
        for (int i = 0; i < extents.length; i++) {
            position = position * extents[i] + at(place + i, extents[i]);
        }
        return position;
    }
}
