package dev.octet.graph.op;

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

/** An elementwise function of one tensor without attributes. ONNX operator and opset: see {@link UnaryFunction}. */
public record Unary(UnaryFunction function) implements Op {
    static final Map<UnaryFunction, OpType> TYPES = Arrays.stream(UnaryFunction.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    f -> OpType.onnx(f.onnxName(), f.introduced(), f.form(), 1, _ -> new Unary(f))));

    @Override
    public OpType type() {
        return java.util.Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(function.isPredicate() ? DType.BOOL : inputs.get(0).orElseThrow());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
