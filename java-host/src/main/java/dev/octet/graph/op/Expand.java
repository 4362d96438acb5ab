package dev.octet.graph.op;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/** Broadcasts input 0 with the shape in input 1, in both directions. ONNX Expand, opset 13. */
public record Expand() implements Op {
    static final OpType TYPE = OpType.onnx("Expand", 8, 13, 2, _ -> new Expand());

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape x = in.shape(0);
        Shape target = Extents.shape(in.longs(1));
        int rank = Math.max(x.rank(), target.rank());
        long[] dims = new long[rank];
        for (int i = 1; i <= rank; i++) {
            long a = i <= x.rank() ? x.dim(-i) : 1;
            long b = i <= target.rank() ? target.dim(-i) : 1;
            if (a != b && a != 1 && b != 1) {
                throw ModelException.invalid("cannot expand " + x + " to " + target);
            }
            dims[rank - i] = a == 1 ? b : a;
        }
        return List.of(Extents.shape(dims));
    }
}
