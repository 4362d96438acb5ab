package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * The mean over all spatial positions. ONNX GlobalAveragePool, opset 22.
 *
 * @param layout of input and output; files know channels-first only
 */
public record GlobalAveragePool(Layout layout) implements Op {
    static final OpType TYPE =
            OpType.onnx("GlobalAveragePool", 1, 1, 1, _ -> new GlobalAveragePool(Layout.CHANNELS_FIRST));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(Pools.globalShape(in.shape(0), layout));
    }
}
