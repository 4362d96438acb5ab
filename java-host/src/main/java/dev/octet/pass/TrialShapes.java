package dev.octet.pass;

import dev.octet.graph.Dim;
import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Shapes of a graph's values with made-up extents in place of those that each run chooses. Ranks are right for every
 * run. Equal shapes are taken to be always equal: symbols of different names get different extents where the model
 * allows it.
 */
final class TrialShapes {
    /** The first symbol mostly counts samples; the others are such that images can be halved five times. */
    private static final long[] DISTINCT = {2, 224, 256, 288, 320, 352, 384, 416};

    /** Tried for every symbol alike where distinct extents do not fit. */
    private static final long[] UNIFORM = {224, 640, 32, 2, 1};

    private final Map<String, TensorType> types;

    private TrialShapes(Map<String, TensorType> types) {
        this.types = types;
    }

    /** The shapes of a graph, none if no trial extents fit it. */
    static TrialShapes of(Graph graph, Evaluator evaluator) {
        Map<String, Long> chosen = new HashMap<>();
        Function<String, Long> distinct =
                symbol -> chosen.computeIfAbsent(symbol, _ -> DISTINCT[chosen.size() % DISTINCT.length]);
        Optional<Map<String, TensorType>> types = infer(graph, distinct, evaluator);
        for (int i = 0; i < UNIFORM.length && types.isEmpty(); i++) {
            long extent = UNIFORM[i];
            types = infer(graph, _ -> extent, evaluator);
        }
        return new TrialShapes(types.orElse(Map.of()));
    }

    private static Optional<Map<String, TensorType>> infer(
            Graph graph, Function<String, Long> extents, Evaluator evaluator) {
        Map<String, Shape> shapes = new HashMap<>();
        for (ValueInfo input : graph.inputs()) {
            if (input.dims().isEmpty()) {
                return Optional.empty();
            }
            shapes.put(input.name(), shape(input.dims().get(), extents));
        }
        try {
            return Optional.of(ShapeInference.infer(graph, shapes, evaluator).types());
        } catch (ModelException e) {
            // These extents do not fit the model, which is no fault of it.
            return Optional.empty();
        }
    }

    private static Shape shape(List<Dim> dims, Function<String, Long> extents) {
        long[] shape = new long[dims.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            // Extents without a name are taken to agree with those of other inputs at the same place.
            String unnamed = "axis " + axis;
            shape[axis] = switch (dims.get(axis)) {
                case Dim.Known(long size) -> size;
                case Dim.Symbol(String name) -> extents.apply(name.isEmpty() ? unnamed : name);
            };
        }
        return Shape.of(shape);
    }

    Optional<Shape> shape(String value) {
        return Optional.ofNullable(types.get(value)).map(TensorType::shape);
    }

    /** The number of axes, or -1 if it is not known. */
    int rank(String value) {
        return shape(value).map(Shape::rank).orElse(-1);
    }

    boolean sameShape(String a, String b) {
        return shape(a).isPresent() && shape(a).equals(shape(b));
    }
}
