package dev.octet.runtime;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks the tensors fed to a run against the graph's declared inputs. */
final class InputCheck {
    private InputCheck() {}

    /**
     * The shapes of all inputs.
     *
     * @throws ModelException of kind DATA naming the input, what was expected and what came
     */
    static Map<String, Shape> shapes(Graph graph, Map<String, Tensor> inputs) {
        Map<String, Shape> shapes = new HashMap<>();
        for (ValueInfo input : graph.inputs()) {
            Tensor tensor = inputs.get(input.name());
            if (tensor == null) {
                throw ModelException.data(
                        "input \"" + Names.escape(input.name()) + "\" " + describe(input) + " is missing; got "
                                + names(inputs.keySet().stream().sorted().toList()));
            }
            check(input, tensor);
            shapes.put(input.name(), tensor.shape());
        }
        for (String name : inputs.keySet()) {
            if (!shapes.containsKey(name)) {
                throw ModelException.data("there is no input \"" + Names.escape(name) + "\"; the model has "
                        + names(graph.inputs().stream().map(ValueInfo::name).toList()));
            }
        }
        return shapes;
    }

    private static void check(ValueInfo input, Tensor tensor) {
        boolean fits = tensor.dtype() == input.dtype();
        if (fits && input.dims().isPresent()) {
            List<Dim> dims = input.dims().get();
            fits = dims.size() == tensor.shape().rank();
            for (int axis = 0; fits && axis < dims.size(); axis++) {
                fits = fits(dims.get(axis), tensor.shape().dim(axis));
            }
        }
        if (!fits) {
            throw ModelException.data(
                    "input \"" + Names.escape(input.name()) + "\": expected " + describe(input) + ", got " + tensor);
        }
    }

    /** Symbols are names only: exporters in use give different extents the same one. */
    private static boolean fits(Dim dim, long extent) {
        return switch (dim) {
            case Dim.Known(long size) -> size == extent;
            case Dim.Symbol _ -> true;
        };
    }

    private static String describe(ValueInfo input) {
        String dims = input.dims()
                .map(list -> list.stream()
                        .map(dim -> switch (dim) {
                            case Dim.Known(long size) -> Long.toString(size);
                            case Dim.Symbol(String name) -> name.isEmpty() ? "?" : Names.escape(name);
                        })
                        .collect(Collectors.joining(",", "[", "]")))
                .orElse(" of any shape");
        return input.dtype().label() + dims;
    }

    private static String names(List<String> names) {
        return names.isEmpty()
                ? "none"
                : names.stream()
                        .limit(16)
                        .map(name -> '"' + Names.escape(name) + '"')
                        .collect(Collectors.joining(", "));
    }
}
