package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Adds axes of extent 1 at the places in the output that input 1 lists. ONNX Unsqueeze, opset 13. */
public record Unsqueeze() implements Op {
    static final OpType TYPE = OpType.onnx("Unsqueeze", 1, 13, 2, _ -> new Unsqueeze());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape x = in.shape(0);
        long[] axes = in.longs(1);
        long[] dims = new long[x.rank() + axes.length];
        for (int axis : Extents.axes(Optional.of(axes), dims.length)) {
            dims[axis] = -1;
        }
        int next = 0;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = dims[i] == -1 ? 1 : x.dim(next++);
        }
        return List.of(Extents.shape(dims));
    }
}
