package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers of axes of values, found without knowing the extents that each run chooses. */
final class Ranks {
    /** Tried for every symbolic extent in turn: the first suits batch and sequence axes, the others images. */
    private static final long[] EXTENTS = {1, 2, 224, 32, 640};

    private Ranks() {}

    /** Ranks by value; empty if no trial extent fits the graph. */
    static Map<String, Integer> of(Graph graph, Evaluator evaluator) {
        for (long extent : EXTENTS) {
            Optional<Map<String, Shape>> shapes = inputShapes(graph, extent);
            if (shapes.isEmpty()) {
                return Map.of();
            }
            try {
                Map<String, Integer> ranks = new HashMap<>();
                ShapeInference.infer(graph, shapes.get(), evaluator)
                        .types()
                        .forEach((value, type) -> ranks.put(value, type.shape().rank()));
                return ranks;
            } catch (ModelException e) {
                // This extent does not fit the model, which is no fault of it: another may.
                continue;
            }
        }
        return Map.of();
    }

    private static Optional<Map<String, Shape>> inputShapes(Graph graph, long extent) {
        Map<String, Shape> shapes = new HashMap<>();
        for (ValueInfo input : graph.inputs()) {
            Optional<Shape> shape = input.withSymbols(extent);
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            shapes.put(input.name(), shape.get());
        }
        return Optional.of(shapes);
    }
}
