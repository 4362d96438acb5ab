package dev.octet.backend.cpu;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;

/** Where the elements that GatherElements and ScatterElements address lie in the data. */
final class ElementPlaces {
    private final long[] dataStrides;
    private final long[] indexDims;
    private final int along;
    private final long extent;
    private final IndexReader indices;

    ElementPlaces(Shape data, Tensor indices, long axis) {
        this.dataStrides = data.strides();
        this.indexDims = indices.shape().dims();
        this.along = data.axis(axis);
        this.extent = data.dim(along);
        this.indices = new IndexReader(indices);
    }

    /** The row-major place in the data that the index at a row-major place addresses. */
    long of(long place) {
        long result = indices.at(place, extent) * dataStrides[along];
        long rest = place;
        for (int i = indexDims.length - 1; i >= 0; i--) {
            if (i != along) {
                result += rest % indexDims[i] * dataStrides[i];
            }
            rest /= indexDims[i];
        }
        return result;
    }
}
