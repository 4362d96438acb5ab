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
 * Transposed convolution: x [N, C, spatial...], weight [C, M/group, kernel...], optional bias [M]. ONNX ConvTranspose,
 * opset 22.
 *
 * @param outputPadding extents added at the end of each output axis, or empty for zeros
 * @param outputShape spatial extents of the output from which the padding follows, or empty
 */
public record ConvTranspose(SpatialWindow window, long group, long[] outputPadding, long[] outputShape) implements Op {
    static final OpType TYPE =
            OpType.onnx("ConvTranspose", 1, 11, 2, ConvTranspose::read).inputs(2, 3);

    public ConvTranspose {
        outputPadding = outputPadding.clone();
        outputShape = outputShape.clone();
        if (group < 1) {
            throw ModelException.invalid("attribute group is " + group + ", must be positive");
        }
    }

    private static ConvTranspose read(Attributes attributes) {
        return new ConvTranspose(
                SpatialWindow.read(attributes),
                attributes.integer("group", 1),
                attributes.integersOrEmpty("output_padding"),
                attributes.integersOrEmpty("output_shape"));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = window.write(Attributes.builder()).put("group", group);
        if (outputPadding.length > 0) {
            builder.put("output_padding", outputPadding);
        }
        if (outputShape.length > 0) {
            builder.put("output_shape", outputShape);
        }
        return builder.build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        Shape weight = in.shape(1);
        long[] extents = outputExtents(x, weight);
        long[] dims = x.dims();
        dims[1] = Math.multiplyExact(weight.dim(1), group);
        System.arraycopy(extents, 0, dims, 2, extents.length);
        if (in.has(2) && in.shape(2).elementCount() != dims[1]) {
            throw ModelException.invalid("bias " + in.shape(2) + " does not fit " + dims[1] + " output channels");
        }
        return List.of(Shape.of(dims));
    }

    private long[] outputExtents(Shape x, Shape weight) {
        SpatialWindow resolved = resolve(x, weight);
        long[] input = Conv.spatial(x);
        if (choosesPadding()) {
            return wanted(resolved, input);
        }
        long[] extents = fullExtents(resolved, input);
        for (int i = 0; i < extents.length; i++) {
            extents[i] -= resolved.pads()[i] + resolved.pads()[i + extents.length];
            if (extents[i] < 0) {
                throw ModelException.invalid("the padding " + Arrays.toString(resolved.pads()) + " removes more than "
                        + "the transposed convolution of " + x + " gives");
            }
        }
        return extents;
    }

    /** The window with defaults filled in and the padding of {@code output_shape} or {@code auto_pad} computed. */
    public SpatialWindow resolve(Shape x, Shape weight) {
        if (x.rank() < 3 || weight.rank() != x.rank()) {
            throw ModelException.invalid(
                    "input " + x + " and weight " + weight + " must have the same rank of at least 3");
        }
        if (x.dim(1) != weight.dim(0) || x.dim(1) % group != 0) {
            throw ModelException.invalid("input " + x + " and weight " + weight + " do not fit group " + group);
        }
        long[] input = Conv.spatial(x);
        SpatialWindow.AutoPad mode = window.autoPad();
        SpatialWindow given = new SpatialWindow(
                        window.kernel(),
                        window.strides(),
                        window.dilations(),
                        mode == SpatialWindow.AutoPad.NOTSET ? window.pads() : new long[0],
                        SpatialWindow.AutoPad.NOTSET)
                .resolve(input, Conv.spatial(weight));
        if (!choosesPadding()) {
            return given;
        }
        return new SpatialWindow(
                given.kernel(),
                given.strides(),
                given.dilations(),
                padsFor(given, input, mode),
                SpatialWindow.AutoPad.NOTSET);
    }

    private boolean choosesPadding() {
        return outputShape.length > 0
                || window.autoPad() == SpatialWindow.AutoPad.SAME_UPPER
                || window.autoPad() == SpatialWindow.AutoPad.SAME_LOWER;
    }

    /** The output's extents where the padding follows from them; what the window does not reach holds the bias. */
    private long[] wanted(SpatialWindow given, long[] input) {
        int rank = input.length;
        long[] wanted = new long[rank];
        for (int i = 0; i < rank; i++) {
            wanted[i] = outputShape.length == 0 ? input[i] * given.strides()[i] : outputShape[i];
        }
        return wanted;
    }

    private long[] padsFor(SpatialWindow given, long[] input, SpatialWindow.AutoPad mode) {
        int rank = input.length;
        if (outputShape.length != 0 && outputShape.length != rank) {
            throw ModelException.invalid("attribute output_shape " + Arrays.toString(outputShape) + " has "
                    + outputShape.length + " entries, expected " + rank);
        }
        long[] full = fullExtents(given, input);
        long[] wanted = wanted(given, input);
        long[] pads = new long[2 * rank];
        for (int i = 0; i < rank; i++) {
            long total = Math.max(0, full[i] - wanted[i]);
            pads[i] = mode == SpatialWindow.AutoPad.SAME_UPPER ? total / 2 : total - total / 2;
            pads[rank + i] = total - pads[i];
        }
        return pads;
    }

    private long[] fullExtents(SpatialWindow resolved, long[] input) {
        int rank = input.length;
        if (outputPadding.length != 0 && outputPadding.length != rank) {
            throw ModelException.invalid("attribute output_padding " + Arrays.toString(outputPadding) + " has "
                    + outputPadding.length + " entries, expected " + rank);
        }
        long[] extents = new long[rank];
        for (int i = 0; i < rank; i++) {
            long padding = outputPadding.length == 0 ? 0 : outputPadding[i];
            long window = (resolved.kernel()[i] - 1) * resolved.dilations()[i] + 1;
            try {
                extents[i] = Math.addExact(
                        Math.addExact(Math.multiplyExact(resolved.strides()[i], input[i] - 1), padding), window);
            } catch (ArithmeticException e) {
                throw new ModelException(
                        ModelException.Kind.LIMIT,
                        "the transposed convolution of " + Arrays.toString(input)
                                + " exceeds the limit of 2^63 on an extent",
                        e);
            }
        }
        return extents;
    }
}
