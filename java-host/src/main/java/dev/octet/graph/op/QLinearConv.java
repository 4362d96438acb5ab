package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Quantized convolution: x, its scale and zero point, weight, its scales and zero points (one, or one an output
 * channel), the output's scale and zero point, optional bias s32 at scale {@code xScale * weightScale}. ONNX QLinearConv,
 * opset 10.
 */
public record QLinearConv(SpatialWindow window, long group) implements Op {
    static final OpType TYPE =
            OpType.onnx("QLinearConv", 10, 10, 8, QLinearConv::read).inputs(8, 9);

    public QLinearConv {
        if (group < 1) {
            throw ModelException.invalid("attribute group is " + group + ", must be positive");
        }
    }

    private static QLinearConv read(Attributes attributes) {
        return new QLinearConv(SpatialWindow.read(attributes), attributes.integer("group", 1));
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
        return List.of(inputs.get(7).orElseThrow());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape output = Conv.outputShape(in.shape(0), in.shape(3), window, group);
        Conv.requireBias(in, 8, output.dim(1));
        for (int one : new int[] {1, 2, 6, 7}) {
            in.requireCount(one, 1);
        }
        in.requireCount(4, 1, output.dim(1));
        in.requireCount(5, 1, output.dim(1));
        return List.of(output);
    }
}
