package dev.octet.data;

import dev.octet.graph.Dim;
import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;

/** Whether stored arrays fit the inputs of a graph. */
final class InputCheck {
    private InputCheck() {}

    /**
     * Checks type and fixed extents.
     *
     * @param place the file, for messages
     */
    static void requireFits(String place, DType dtype, Shape shape, ValueInfo input) {
        boolean fits = dtype == input.dtype();
        if (input.dims().isPresent()) {
            List<Dim> dims = input.dims().get();
            fits &= dims.size() == shape.rank();
            for (int i = 0; fits && i < dims.size(); i++) {
                fits = !(dims.get(i) instanceof Dim.Known(long size)) || size == shape.dim(i);
            }
        }
        if (!fits) {
            throw new InputException(place + " holds " + dtype.label() + shape + " but input \""
                    + Names.escape(input.name()) + "\" is " + input.describeType());
        }
    }

    static void requireFits(String place, Tensor tensor, ValueInfo input) {
        requireFits(place, tensor.dtype(), tensor.shape(), input);
    }
}
