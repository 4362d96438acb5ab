package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * Moves blocks of space into channels: [N, C, H, W] to [N, C*b*b, H/b, W/b], the block's row outermost. ONNX
 * SpaceToDepth, opset 13.
 *
 * @param blockSize b
 */
public record SpaceToDepth(long blockSize) implements Op {
    static final OpType TYPE = OpType.onnx("SpaceToDepth", 1, 13, 1, a -> new SpaceToDepth(a.integer("blocksize")));

    public SpaceToDepth {
        DepthToSpace.requireBlock(blockSize);
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("blocksize", blockSize).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        if (x.rank() != 4 || x.dim(2) % blockSize != 0 || x.dim(3) % blockSize != 0) {
            throw ModelException.invalid("input " + x + " does not fit blocksize " + blockSize);
        }
        return List.of(Extents.shape(
                x.dim(0),
                Extents.multiply("channels", x.dim(1), blockSize * blockSize),
                x.dim(2) / blockSize,
                x.dim(3) / blockSize));
    }
}
