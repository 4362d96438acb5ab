package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;

/** Element type and concrete shape of a value. */
public record TensorType(DType dtype, Shape shape) {
    public long sizeBytes() {
        return dtype.sizeBytes(shape.elementCount());
    }

    @Override
    public String toString() {
        return dtype.label() + shape;
    }
}
