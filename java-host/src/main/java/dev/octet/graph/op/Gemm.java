package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.List;

/**
 * {@code alpha * a * b + beta * c}: a [M, K] or its transpose, b [K, N] or its transpose, optional c that broadcasts to
 * [M, N]. ONNX Gemm, opset 13.
 */
public record Gemm(float alpha, float beta, boolean transA, boolean transB) implements Op {
    static final OpType TYPE = OpType.onnx("Gemm", 1, 13, 2, Gemm::read).inputs(2, 3);

    private static Gemm read(Attributes attributes) {
        return new Gemm(
                attributes.real("alpha", 1),
                attributes.real("beta", 1),
                attributes.flag("transA", false),
                attributes.flag("transB", false));
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("alpha", alpha)
                .put("beta", beta)
                .put("transA", transA)
                .put("transB", transB)
                .build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape a = in.shape(0);
        Shape b = in.shape(1);
        if (a.rank() != 2 || b.rank() != 2) {
            throw ModelException.invalid("a " + a + " and b " + b + " must be matrices");
        }
        long m = a.dim(transA ? 1 : 0);
        long n = b.dim(transB ? 0 : 1);
        if (a.dim(transA ? 0 : 1) != b.dim(transB ? 1 : 0)) {
            throw ModelException.invalid("inner extents of a " + a + (transA ? " (transposed)" : "") + " and b " + b
                    + (transB ? " (transposed)" : "") + " differ");
        }
        Shape result = Shape.of(m, n);
        if (in.has(2) && !in.shape(2).broadcast(result).equals(result)) {
            throw ModelException.invalid("c " + in.shape(2) + " does not broadcast to " + result);
        }
        return List.of(result);
    }
}
