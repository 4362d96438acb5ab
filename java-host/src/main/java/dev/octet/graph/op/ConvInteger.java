package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Integer convolution into int32: x u8/s8 [N, C, spatial...], weight u8/s8 [M, C/group, kernel...], optional zero points
 * of x (one) and of the weight (one, or one an output channel). Padding holds x's zero point. ONNX ConvInteger, opset 10.
 */
public record ConvInteger(SpatialWindow window, long group) implements Op {
    static final OpType TYPE =
            OpType.onnx("ConvInteger", 10, 10, 2, ConvInteger::read).inputs(2, 4);

    public ConvInteger {
        if (group < 1) {
            throw ModelException.invalid("attribute group is " + group + ", must be positive");
        }
    }

    private static ConvInteger read(Attributes attributes) {
        return new ConvInteger(SpatialWindow.read(attributes), attributes.integer("group", 1));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return window.write(Attributes.builder()).put("group", group).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, DType.S32);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape output = Conv.outputShape(in.shape(0), in.shape(1), window, group);
        in.requireCount(2, 1);
        in.requireCount(3, 1, output.dim(1));
        return List.of(output);
    }
}
