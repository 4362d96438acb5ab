package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;

/** Output shapes of the pooling operators. */
final class Pools {
    private Pools() {}

    static Shape outputShape(Shape x, SpatialWindow window, boolean ceil, Layout layout) {
        requireSpace(x);
        Shape first = QConv.channelsFirst(x, layout);
        if (window.kernel().length == 0) {
            throw ModelException.invalid("attribute kernel_shape is missing");
        }
        long[] spatial = Conv.spatial(first);
        long[] extents = window.resolve(spatial, window.kernel()).outputExtents(spatial, ceil);
        long[] dims = first.dims();
        System.arraycopy(extents, 0, dims, 2, extents.length);
        Shape result = Shape.of(dims);
        return layout == Layout.CHANNELS_FIRST ? result : QConv.channelsLast(result);
    }

    static Shape globalShape(Shape x, Layout layout) {
        requireSpace(x);
        long[] dims = x.dims();
        int from = layout.spatialAxis();
        Arrays.fill(dims, from, from + dims.length - 2, 1);
        return Shape.of(dims);
    }

    private static void requireSpace(Shape x) {
        if (x.rank() < 3) {
            throw ModelException.invalid("input " + x + " has no spatial axis");
        }
    }
}
