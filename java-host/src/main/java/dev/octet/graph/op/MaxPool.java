package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The largest value under each window; optional second output s64: where it stands in the flattened input. ONNX MaxPool,
 * opset 22.
 *
 * @param ceil round output extents up
 * @param columnMajor the indices count the spatial axes in column-major order ({@code storage_order} 1)
 * @param layout of input and outputs; files know channels-first only
 */
public record MaxPool(SpatialWindow window, boolean ceil, boolean columnMajor, Layout layout) implements Op {
    static final OpType TYPE = OpType.onnx("MaxPool", 1, 12, 1, MaxPool::read).outputs(1, 2);

    private static MaxPool read(Attributes attributes) {
        return new MaxPool(
                SpatialWindow.read(attributes),
                attributes.flag("ceil_mode", false),
                attributes.flag("storage_order", false),
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
                .put("storage_order", columnMajor)
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType x = inputs.get(0).orElseThrow();
        return outputCount > 1 ? List.of(x, DType.S64) : List.of(x);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return Collections.nCopies(in.outputCount(), Pools.outputShape(in.shape(0), window, ceil, layout));
    }
}
