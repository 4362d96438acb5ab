package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Float convolution with what follows it: {@code clamp(conv(x, weight) + bias + residual, min, max)}. Inputs, all of one
 * float type: x, weight [M, C/group, kernel...], optional bias [M], optional residual of the output's shape (input 3).
 */
public record FusedConv(SpatialWindow window, long group, Layout layout, float min, float max) implements Op {
    static final OpType TYPE = OpType.internal("FusedConv", 2, 4);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return window.write(Attributes.builder())
                .put("group", group)
                .put("layout", layout.name())
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape output = Conv.outputShape(QConv.channelsFirst(in.shape(0), layout), in.shape(1), window, group);
        Conv.requireBias(in, 2, output.dim(1));
        return List.of(layout == Layout.CHANNELS_FIRST ? output : QConv.channelsLast(output));
    }
}
