package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Element type and concrete shape of a value. */
public record TensorType(DType dtype, Shape shape) {
    /** The types of tensors, in their order. */
    public static List<Optional<TensorType>> of(List<Optional<Tensor>> tensors) {
        return tensors.stream()
                .map(entry -> entry.map(tensor -> new TensorType(tensor.dtype(), tensor.shape())))
                .toList();
    }

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
