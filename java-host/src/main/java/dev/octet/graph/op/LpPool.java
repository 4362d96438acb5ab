package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * The p-norm under each window, padding as zeros. ONNX LpPool, opset 22.
 *
 * @param ceil round output extents up
 * @param p the norm's exponent, at least 1
 */
public record LpPool(SpatialWindow window, boolean ceil, long p) implements Op {
    static final OpType TYPE = OpType.onnx("LpPool", 1, 18, 1, LpPool::read);

    public LpPool {
        if (p < 1) {
            throw ModelException.invalid("attribute p is " + p + ", must be positive");
        }
    }

    private static LpPool read(Attributes attributes) {
        return new LpPool(
                SpatialWindow.read(attributes), attributes.flag("ceil_mode", false), attributes.integer("p", 2));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return window.write(Attributes.builder())
                .put("ceil_mode", ceil)
                .put("p", p)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(Pools.outputShape(in.shape(0), window, ceil, Layout.CHANNELS_FIRST));
    }
}
