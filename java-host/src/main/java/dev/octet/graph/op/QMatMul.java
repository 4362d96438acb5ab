package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Integer matrix product: a u8/s8 [..., M, K], b u8/s8 [..., K, N], optional bias s32 [N], optional residual u8/s8 of
 * the output's shape (input 3). Accumulates {@code sum((a - aZeroPoint) * (b - bZeroPoint))} in int32. Leading axes
 * broadcast as in ONNX MatMul; the epilogue's channels are the columns.
 */
public record QMatMul(int aZeroPoint, int bZeroPoint, Epilogue epilogue) implements Op {
    static final OpType TYPE = OpType.internal("QMatMul", 2, 4);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, epilogue.dtype());
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(productShape(in.shape(0), in.shape(1)));
    }

    /** The shape of a MatMul (NumPy's rules, 1-D operands included). */
    public static Shape productShape(Shape a, Shape b) {
        if (a.rank() == 0 || b.rank() == 0) {
            throw ModelException.invalid("a matrix product needs at least one axis, got " + a + " and " + b);
        }
        long k = b.rank() == 1 ? b.dim(0) : b.dim(-2);
        if (a.dim(-1) != k) {
            throw ModelException.invalid("inner extents of " + a + " and " + b + " differ");
        }
        Shape batch = leading(a).broadcast(leading(b));
        long[] dims =
                java.util.Arrays.copyOf(batch.dims(), batch.rank() + (a.rank() > 1 ? 1 : 0) + (b.rank() > 1 ? 1 : 0));
        if (a.rank() > 1) {
            dims[batch.rank()] = a.dim(-2);
        }
        if (b.rank() > 1) {
            dims[dims.length - 1] = b.dim(-1);
        }
        return Shape.of(dims);
    }

    /** Checks parameters of which there are one, one a row of each matrix {@code a}, or one a row of all of them. */
    static void requireRows(OpInputs in, int parameters, Shape a) {
        long rows = a.rank() > 1 ? a.dim(-2) : 1;
        in.requireCount(parameters, 1, rows, rows * leading(a).elementCount());
    }

    /** The same for the columns of matrices {@code b}. */
    static void requireColumns(OpInputs in, int parameters, Shape b) {
        long columns = b.rank() > 1 ? b.dim(-1) : 1;
        in.requireCount(parameters, 1, columns, columns * leading(b).elementCount());
    }

    private static Shape leading(Shape shape) {
        return Shape.of(java.util.Arrays.copyOf(shape.dims(), Math.max(0, shape.rank() - 2)));
    }
}
