package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Permutes axes: output axis i is input axis perm[i]. ONNX Transpose, opset 13.
 *
 * @param perm a permutation of the axes, or empty to reverse them; copied in, must not be changed
 */
public record Transpose(long[] perm) implements Op {
    static final OpType TYPE = OpType.onnx("Transpose", 1, 13, 1, a -> new Transpose(a.integersOrEmpty("perm")));

    public Transpose {
        perm = perm.clone();
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return perm.length == 0
                ? Attributes.NONE
                : Attributes.builder().put("perm", perm).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        return List.of(Shape.of(Arrays.stream(order(x.rank())).mapToLong(x::dim).toArray()));
    }

    /**
     * The input axis of each output axis.
     *
     * @throws ModelException if {@code perm} is no permutation of {@code rank} axes
     */
    public int[] order(int rank) {
        if (perm.length == 0) {
            return IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        }
        Extents.requireLength("perm", perm, rank);
        int[] order = new int[rank];
        boolean[] seen = new boolean[rank];
        for (int i = 0; i < rank; i++) {
            if (perm[i] < 0 || perm[i] >= rank || seen[(int) perm[i]]) {
                throw ModelException.invalid(
                        "perm " + Arrays.toString(perm) + " is no permutation of 0.." + (rank - 1));
            }
            order[i] = (int) perm[i];
            seen[order[i]] = true;
        }
        return order;
    }
}
