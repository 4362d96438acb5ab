package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.SmallFloat.PowerRounding;
import java.util.List;
import java.util.Optional;

/** Converts input 0 to the element type of input 1, as {@link Cast} does. ONNX CastLike, opset 25. */
public record CastLike(boolean saturate, PowerRounding roundMode) implements Op {
    static final OpType TYPE = OpType.onnx("CastLike", 15, 15, 2, CastLike::read);

    /** What a model must declare where an attribute differs from its default. */
    private static final OpType WITH_OPTIONS = OpType.onnx("CastLike", 15, 25, 2, CastLike::read);

    private static CastLike read(Attributes attributes) {
        return new CastLike(attributes.flag("saturate", true), Cast.readRoundMode(attributes));
    }

    @Override
    public OpType type() {
        return saturate && roundMode == PowerRounding.UP ? TYPE : WITH_OPTIONS;
    }

    @Override
    public Attributes attributes() {
        return Cast.writeOptions(Attributes.builder(), saturate, roundMode).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(inputs.get(1).orElseThrow(() -> ModelException.invalid("input 1 is missing")));
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0));
    }
}
