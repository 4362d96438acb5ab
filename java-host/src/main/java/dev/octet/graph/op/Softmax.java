package dev.octet.graph.op;

import dev.octet.graph.Attributes;
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

/** Softmax or one of its kin along one axis of a float tensor. ONNX Softmax, LogSoftmax and Hardmax, opset 13. */
public record Softmax(SoftmaxFunction function, long axis) implements Op {
    static final Map<SoftmaxFunction, OpType> TYPES = Arrays.stream(SoftmaxFunction.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    f -> OpType.onnx(f.onnxName(), 1, 13, 1, a -> new Softmax(f, a.integer("axis", -1)))));

    @Override
    public OpType type() {
        return Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("axis", axis).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        in.shape(0).axis(axis);
        return List.of(in.shape(0));
    }
}
