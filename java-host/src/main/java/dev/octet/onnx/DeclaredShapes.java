package dev.octet.onnx;

import dev.octet.graph.Dim;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;

/** Compares what a model declares of an output with what its nodes give. */
final class DeclaredShapes {
    private DeclaredShapes() {}

    static void require(ValueInfo output, Shape actual) {
        if (output.dims().isEmpty()) {
            return;
        }
        List<Dim> dims = output.dims().get();
        boolean fits = dims.size() == actual.rank();
        for (int i = 0; fits && i < dims.size(); i++) {
            fits = switch (dims.get(i)) {
                case Dim.Known(long size) -> size == actual.dim(i);
                case Dim.Symbol _ -> true;
            };
        }
        if (!fits) {
            throw ModelException.invalid("output \"" + Names.escape(output.name()) + "\" is declared with shape "
                    + label(dims) + " but has shape " + actual);
        }
    }

    private static String label(List<Dim> dims) {
        return dims.stream()
                .map(dim -> switch (dim) {
                    case Dim.Known(long size) -> Long.toString(size);
                    case Dim.Symbol(String name) -> Names.escape(name);
                })
                .collect(Collectors.joining(",", "[", "]"));
    }
}
