package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Moves channels into blocks of space: [N, C, H, W] to [N, C/b/b, H*b, W*b], in plans also channels last. ONNX
 * DepthToSpace, opset 13.
 *
 * @param blockSize b
 */
public record DepthToSpace(long blockSize, Order order, Layout layout) implements Op {
    static final OpType TYPE = OpType.onnx("DepthToSpace", 1, 13, 1, DepthToSpace::read);

    /** Which part of the channel index is outermost: the block's row (DCR) or the output channel (CRD). */
    public enum Order {
        DCR,
        CRD
    }

    public DepthToSpace {
        requireBlock(blockSize);
    }

    static void requireBlock(long blockSize) {
        if (blockSize < 1 || blockSize > Integer.MAX_VALUE) {
            throw ModelException.invalid("attribute blocksize is " + blockSize + ", must be positive");
        }
    }

    private static DepthToSpace read(Attributes attributes) {
        String mode = attributes.string("mode", "DCR");
        Order order = Arrays.stream(Order.values())
                .filter(value -> value.name().equals(mode))
                .findFirst()
                .orElseThrow(
                        () -> ModelException.invalid("attribute mode has the unknown value " + Names.escape(mode)));
        return new DepthToSpace(attributes.integer("blocksize"), order, Layout.CHANNELS_FIRST);
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("blocksize", blockSize)
                .put("mode", order.name())
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        int channels = channelAxis();
        if (x.rank() != 4 || x.dim(channels) % (blockSize * blockSize) != 0) {
            throw ModelException.invalid("input " + x + " does not fit blocksize " + blockSize);
        }
        long[] dims = x.dims();
        dims[channels] /= blockSize * blockSize;
        int height = layout == Layout.CHANNELS_FIRST ? 2 : 1;
        dims[height] = Extents.multiply("height", dims[height], blockSize);
        dims[height + 1] = Extents.multiply("width", dims[height + 1], blockSize);
        return List.of(Extents.shape(dims));
    }

    int channelAxis() {
        return layout == Layout.CHANNELS_FIRST ? 1 : 3;
    }
}
