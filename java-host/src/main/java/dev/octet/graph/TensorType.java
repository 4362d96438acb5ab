package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;

/** Element type and concrete shape of a value. */
public record TensorType(DType dtype, Shape shape) {
    /**
     * Bytes of a dense tensor.
     *
     * @throws ModelException of kind LIMIT if a long cannot hold them
     */
    public long sizeBytes() {
        try {
            return dtype.sizeBytes(shape.elementCount());
        } catch (ArithmeticException e) {
            throw new ModelException(
                    ModelException.Kind.LIMIT, this + " needs more than 2^63 bytes, over every memory limit", e);
        }
    }

    @Override
    public String toString() {
        return dtype.label() + shape;
    }
}
