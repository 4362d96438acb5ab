package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * The mean under each window. ONNX AveragePool, opset 22.
 *
 * @param ceil round output extents up
 * @param countPadding padded positions count in the divisor ({@code count_include_pad}); those that only the rounding
 *     up adds never do
 * @param layout of input and output; files know channels-first only
 */
public record AveragePool(SpatialWindow window, boolean ceil, boolean countPadding, Layout layout) implements Op {
    // Set 19 added dilations; earlier sets have the same form without them.
    static final OpType TYPE = OpType.onnx("AveragePool", 1, 19, 1, AveragePool::read);

    private static AveragePool read(Attributes attributes) {
        return new AveragePool(
                SpatialWindow.read(attributes),
                attributes.flag("ceil_mode", false),
                attributes.flag("count_include_pad", false),
                Layout.CHANNELS_FIRST);
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return window.write(Attributes.builder())
                .put("ceil_mode", ceil)
                .put("count_include_pad", countPadding)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(Pools.outputShape(in.shape(0), window, ceil, layout));
    }
}
