package dev.octet.onnx;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Dim;
import dev.octet.graph.ModelException;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.TensorType;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of values while a graph is read: element types, and shapes as far as they follow without computing
 * anything. Symbols stand for {@value #SYMBOL_EXTENT}, which keeps ranks right; shapes are exact only without symbols.
 */
final class KnownTypes {
    /** Not 1, so that nothing is squeezed or broadcast that would not be. */
    private static final long SYMBOL_EXTENT = 2;

    private final Map<String, DType> dtypes = new HashMap<>();
    private final Map<String, TensorType> types = new HashMap<>();
    private final Map<String, Integer> declaredRanks = new HashMap<>();
    private final Map<String, Tensor> constants;
    private boolean exact = true;

    KnownTypes(Map<String, Tensor> constants) {
        this.constants = constants;
        constants.forEach(this::addConstant);
    }

    void addConstant(String name, Tensor tensor) {
        dtypes.put(name, tensor.dtype());
        types.put(name, new TensorType(tensor.dtype(), tensor.shape()));
    }

    void addInput(ValueInfo input) {
        dtypes.put(input.name(), input.dtype());
        exact &= input.staticShape().isPresent();
        input.withSymbols(SYMBOL_EXTENT)
                .ifPresent(shape -> types.put(input.name(), new TensorType(input.dtype(), shape)));
    }

    void declareRank(String value, Optional<List<Dim>> dims) {
        dims.ifPresent(list -> declaredRanks.put(value, list.size()));
    }

    void addNode(Node node) {
        List<Optional<DType>> inputs = node.inputs().stream().map(this::dtype).toList();
        for (int i = 0; i < inputs.size(); i++) {
            if (node.hasInput(i) && inputs.get(i).isEmpty()) {
                return;
            }
        }
        List<DType> results;
        try {
            results = node.op().outputDTypes(inputs, node.outputs().size());
        } catch (ModelException e) {
            throw e.at(node.describe());
        }
        for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
            dtypes.put(node.outputs().get(i), results.get(i));
        }
        inferShapes(node);
    }

    private void inferShapes(Node node) {
        List<Optional<TensorType>> inputs = node.inputs().stream()
                .map(name -> Optional.ofNullable(types.get(name)))
                .toList();
        for (int i = 0; i < inputs.size(); i++) {
            if (node.hasInput(i) && inputs.get(i).isEmpty()) {
                return;
            }
        }
        List<Optional<Tensor>> values = node.inputs().stream()
                .map(name -> Optional.ofNullable(constants.get(name)))
                .toList();
        try {
            List<TensorType> outputs = ShapeInference.outputTypes(node, inputs, values);
            for (int i = 0; i < outputs.size(); i++) {
                if (!node.outputs().get(i).isEmpty()) {
                    types.put(node.outputs().get(i), outputs.get(i));
                }
            }
        } catch (DataDependentShapeException e) {
            return;
        } catch (ModelException e) {
            if (exact) {
                throw e;
            }
        }
    }

    Optional<DType> dtype(String value) {
        return Optional.ofNullable(dtypes.get(value));
    }

    OptionalInt rank(String value) {
        TensorType type = types.get(value);
        if (type != null) {
            return OptionalInt.of(type.shape().rank());
        }
        Integer declared = declaredRanks.get(value);
        return declared == null ? OptionalInt.empty() : OptionalInt.of(declared);
    }

    /** The shape, if it is the same in every run. */
    Optional<Shape> exactShape(String value) {
        return exact ? Optional.ofNullable(types.get(value)).map(TensorType::shape) : Optional.empty();
    }
}
