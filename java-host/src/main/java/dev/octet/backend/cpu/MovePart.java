package dev.octet.backend.cpu;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.OpInputs;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.StridedMove;
import dev.octet.graph.op.Tile;
import dev.octet.graph.op.Transpose;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the strided copies that an operator comes down to.
 *
 * @param input index of the operator's input that is read
 * @param output index of its output that is written
 */
record MovePart(int input, int output, StridedMove move) {
    /** The copies of an operator that moves elements and adds none. */
    static List<MovePart> of(KernelSpec spec) {
        Shape x = spec.inputs().shape(0);
        Shape y = spec.outputs().get(0).shape();
        return switch (spec.node().op()) {
            case Concat op -> joined(spec, y, y.axis(op.axis()));
            case DepthToSpace op -> one(StridedMove.of(op, x));
            case Expand _, Tile _ -> one(StridedMove.repeated(x, y));
            case Slice _ -> one(StridedMove.cut(x, bounds(spec.inputs()).resolve(x)));
            case SpaceToDepth op -> one(StridedMove.of(op, x));
            case Split op -> parted(spec, x, x.axis(op.axis()));
            case Transpose op -> one(StridedMove.permuted(x, op.order(x.rank())));
            default -> throw new IllegalStateException(spec.node().describe() + " does more than move elements");
        };
    }

    /** Whether the operator moves anything at all: a Transpose of axes of extent 1 does not. */
    static KernelFactory.OutputPlace output(KernelSpec spec) {
        List<MovePart> parts = of(spec);
        boolean sameBytes = parts.size() == 1 && spec.outputs().size() == 1 && isWhole(parts.get(0).move, spec);
        return sameBytes ? KernelFactory.OutputPlace.FIRST_INPUT : KernelFactory.OutputPlace.OWN;
    }

    private static boolean isWhole(StridedMove move, KernelSpec spec) {
        List<StridedMove.Axis> axes = move.simplified().axes();
        boolean dense = axes.isEmpty()
                || (axes.size() == 1
                        && axes.get(0).fromStride() == 1
                        && axes.get(0).toStride() == 1);
        return dense
                && spec.inputs().shape(0).elementCount()
                        == spec.outputs().get(0).shape().elementCount();
    }

    private static List<MovePart> one(StridedMove move) {
        return List.of(new MovePart(0, 0, move));
    }

    private static List<MovePart> joined(KernelSpec spec, Shape whole, int axis) {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < spec.inputs().count(); i++) {
            shapes.add(spec.inputs().shape(i));
        }
        List<StridedMove> moves = StridedMove.joined(shapes, whole, axis);
        List<MovePart> parts = new ArrayList<>();
        for (int i = 0; i < moves.size(); i++) {
            parts.add(new MovePart(i, 0, moves.get(i)));
        }
        return parts;
    }

    private static List<MovePart> parted(KernelSpec spec, Shape whole, int axis) {
        List<Shape> shapes = spec.outputs().stream().map(TensorType::shape).toList();
        List<StridedMove> moves = StridedMove.parted(shapes, whole, axis);
        List<MovePart> parts = new ArrayList<>();
        for (int i = 0; i < moves.size(); i++) {
            parts.add(new MovePart(0, i, moves.get(i)));
        }
        return parts;
    }

    private static Slice.Bounds bounds(OpInputs in) {
        try {
            return new Slice.Bounds(in.longs(1), in.longs(2), in.longsIfPresent(3), in.longsIfPresent(4));
        } catch (DataDependentShapeException e) {
            throw new IllegalStateException("a kernel is made once the output's shape is known", e);
        }
    }
}
