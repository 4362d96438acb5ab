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

/**
 * An elementwise function of one float tensor with float attributes; formulas: {@link ActivationFunction}.
 *
 * @param parameters the attributes' values in the order of the function's list
 */
public record Activation(ActivationFunction function, List<Float> parameters) implements Op {
    static final Map<ActivationFunction, OpType> TYPES = Arrays.stream(ActivationFunction.values())
            .collect(Collectors.toMap(
                    Function.identity(), f -> OpType.onnx(f.onnxName(), f.introduced(), f.form(), 1, a -> read(f, a))));

    public Activation {
        parameters = List.copyOf(parameters);
        if (parameters.size() != function.parameters().size()) {
            throw new IllegalArgumentException(function + " has " + function.parameters());
        }
    }

    private static Activation read(ActivationFunction function, Attributes attributes) {
        return new Activation(
                function,
                function.parameters().stream()
                        .map(parameter -> attributes.real(parameter.name(), parameter.absent()))
                        .toList());
    }

    @Override
    public OpType type() {
        return Objects.requireNonNull(TYPES.get(function));
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder();
        for (int i = 0; i < parameters.size(); i++) {
            builder.put(function.parameters().get(i).name(), parameters.get(i).floatValue());
        }
        return builder.build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
