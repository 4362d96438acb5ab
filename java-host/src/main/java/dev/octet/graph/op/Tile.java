package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/** Repeats a tensor along each axis as often as input 1 says. ONNX Tile, opset 13. */
public record Tile() implements Op {
    static final OpType TYPE = OpType.onnx("Tile", 1, 13, 2, _ -> new Tile());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        long[] repeats = in.longs(1);
        long[] dims = in.shape(0).dims();
        Extents.requireLength("repeats", repeats, dims.length);
        for (int i = 0; i < dims.length; i++) {
            if (repeats[i] < 0) {
                throw ModelException.invalid("repeats " + java.util.Arrays.toString(repeats) + " must not be negative");
            }
            dims[i] = Extents.multiply("extent", dims[i], repeats[i]);
        }
        return List.of(Extents.shape(dims));
    }
}
