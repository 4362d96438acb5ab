package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Joins tensors along an axis; all other extents are equal. ONNX Concat, opset 13. */
public record Concat(long axis) implements Op {
    static final OpType TYPE =
            OpType.onnx("Concat", 1, 13, 1, a -> new Concat(a.integer("axis"))).inputs(1, OpType.ANY);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("axis", axis).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        DType first = Op.super.outputDTypes(inputs, outputCount).get(0);
        for (int i = 1; i < inputs.size(); i++) {
            Extents.requireSameType("input " + i, inputs.get(i), first);
        }
        return List.of(first);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape first = in.shape(0);
        int along = Extents.axis(axis, first.rank());
        long[] dims = first.dims();
        for (int i = 1; i < in.count(); i++) {
            Shape next = in.shape(i);
            boolean fits = next.rank() == first.rank();
            for (int d = 0; fits && d < dims.length; d++) {
                fits = d == along || next.dim(d) == dims[d];
            }
            if (!fits) {
                throw ModelException.invalid(
                        "cannot join " + first + " and input " + i + " " + next + " along axis " + along);
            }
            dims[along] = Extents.add("extents", dims[along], next.dim(along));
        }
        return List.of(Extents.shape(dims));
    }
}
