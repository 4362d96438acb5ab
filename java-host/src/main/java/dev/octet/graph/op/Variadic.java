package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An elementwise function of one or more tensors of one type with multidirectional broadcasting. ONNX, opset 13. */
public record Variadic(VariadicFunction function) implements Op {
    static final Map<VariadicFunction, OpType> TYPES = Arrays.stream(VariadicFunction.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    f -> OpType.onnx(f.onnxName(), 1, 13, 1, _ -> new Variadic(f))
                            .inputs(1, OpType.ANY)));

    @Override
    public OpType type() {
        return Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape shape = in.shape(0);
        for (int i = 1; i < in.count(); i++) {
            if (in.dtype(i) != in.dtype(0)) {
                throw ModelException.invalid("input types " + in.dtype(0).label() + " and "
                        + in.dtype(i).label() + " differ");
            }
            shape = shape.broadcast(in.shape(i));
        }
        return List.of(shape);
    }
}
