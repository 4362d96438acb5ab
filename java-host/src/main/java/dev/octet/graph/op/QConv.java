package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Integer convolution: x u8/s8, weight s8 [M, C/group, kernel...] with zero point 0, optional bias s32 [M], optional
 * residual u8/s8 of the output's shape (input 3). Accumulates in int32. Padding holds {@code xZeroPoint}.
 *
 * @param layout of x, residual and output; the weight is always channels-first
 */
public record QConv(SpatialWindow window, long group, int xZeroPoint, Layout layout, Epilogue epilogue) implements Op {
    static final OpType TYPE = OpType.internal("QConv", 2, 4);

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
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, epilogue.dtype());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = channelsFirst(in.shape(0), layout);
        Shape output = Conv.outputShape(x, in.shape(1), window, group);
        Conv.requireBias(in, 2, output.dim(1));
        Shape result = layout == Layout.CHANNELS_FIRST ? output : channelsLast(output);
        if (in.has(3) && !in.shape(3).equals(result)) {
            throw ModelException.invalid("residual " + in.shape(3) + " does not have the output's shape " + result);
        }
        return List.of(result);
    }

    static Shape channelsFirst(Shape shape, Layout layout) {
        if (layout == Layout.CHANNELS_FIRST) {
            return shape;
        }
        long[] dims = shape.dims();
        long channels = dims[dims.length - 1];
        System.arraycopy(dims, 1, dims, 2, dims.length - 2);
        dims[1] = channels;
        return Shape.of(dims);
    }

    static Shape channelsLast(Shape shape) {
        long[] dims = Arrays.copyOf(shape.dims(), shape.rank());
        long channels = dims[1];
        System.arraycopy(dims, 2, dims, 1, dims.length - 2);
        dims[dims.length - 1] = channels;
        return Shape.of(dims);
    }
}
