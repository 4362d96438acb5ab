package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An elementwise function of two tensors with multidirectional broadcasting; see {@link BinaryFunction}. */
public record Binary(BinaryFunction function) implements Op {
    static final Map<BinaryFunction, OpType> TYPES = Arrays.stream(BinaryFunction.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    f -> OpType.onnx(f.onnxName(), f.introduced(), f.form(), 2, _ -> new Binary(f))));

    @Override
    public OpType type() {
        return java.util.Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType a = inputs.get(0).orElseThrow();
        DType b = inputs.get(1).orElseThrow();
        if (a != b && function != BinaryFunction.POW) {
            throw ModelException.invalid("input types " + a.label() + " and " + b.label() + " differ");
        }
        return List.of(function.isPredicate() ? DType.BOOL : a);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0).broadcast(in.shape(1)));
    }
}
