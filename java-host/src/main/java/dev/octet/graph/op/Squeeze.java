package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Drops the axes of input 1, which must have extent 1, or all such axes if it is absent. ONNX Squeeze, opset 13. */
public record Squeeze() implements Op {
    static final OpType TYPE =
            OpType.onnx("Squeeze", 1, 13, 1, _ -> new Squeeze()).inputs(1, 2);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape x = in.shape(0);
        boolean[] dropped = new boolean[x.rank()];
        if (in.has(1)) {
            for (int axis : Extents.axes(in.longsIfPresent(1), x.rank())) {
                if (x.dim(axis) != 1) {
                    throw ModelException.invalid(
                            "cannot squeeze axis " + axis + " of " + x + ": its extent is " + x.dim(axis));
                }
                dropped[axis] = true;
            }
        } else {
            IntStream.range(0, dropped.length).forEach(axis -> dropped[axis] = x.dim(axis) == 1);
        }
        return List.of(Extents.shape(IntStream.range(0, x.rank())
                .filter(axis -> !dropped[axis])
                .mapToLong(x::dim)
                .toArray()));
    }
}
