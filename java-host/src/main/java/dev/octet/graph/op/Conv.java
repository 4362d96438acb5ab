package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Convolution: x [N, C, spatial...], weight [M, C/group, kernel...], optional bias [M]. ONNX Conv, opset 22.
 *
 * @param group blocks of channels convolved apart; C for a depthwise convolution
 */
public record Conv(SpatialWindow window, long group) implements Op {
    static final OpType TYPE = OpType.onnx("Conv", 1, 11, 2, Conv::read).inputs(2, 3);

    public Conv {
        if (group < 1) {
            throw ModelException.invalid("attribute group is " + group + ", must be positive");
        }
    }

    private static Conv read(Attributes attributes) {
        return new Conv(SpatialWindow.read(attributes), attributes.integer("group", 1));
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
    public List<Shape> outputShapes(OpInputs in) {
        Shape output = outputShape(in.shape(0), in.shape(1), window, group);
        requireBias(in, 2, output.dim(1));
        return List.of(output);
    }

    /** Checks that the bias at an input, if there is one, has an entry for each output channel. */
    static void requireBias(OpInputs in, int input, long channels) {
        if (in.has(input) && !in.shape(input).equals(Shape.of(channels))) {
            throw ModelException.invalid("bias " + in.shape(input) + " does not fit " + channels + " output channels");
        }
    }

    static Shape outputShape(Shape x, Shape weight, SpatialWindow window, long group) {
        if (x.rank() < 3 || weight.rank() != x.rank()) {
            throw ModelException.invalid(
                    "input " + x + " and weight " + weight + " must have the same rank of at least 3");
        }
        if (x.dim(1) % group != 0 || x.dim(1) / group != weight.dim(1) || weight.dim(0) % group != 0) {
            throw ModelException.invalid("input " + x + " and weight " + weight + " do not fit group " + group);
        }
        long[] spatial = spatial(x);
        long[] extents = window.resolve(spatial, spatial(weight)).outputExtents(spatial, false);
        long[] dims = x.dims();
        dims[1] = weight.dim(0);
        System.arraycopy(extents, 0, dims, 2, extents.length);
        return Shape.of(dims);
    }

    static long[] spatial(Shape shape) {
        long[] dims = shape.dims();
        return Arrays.copyOfRange(dims, 2, dims.length);
    }
}
