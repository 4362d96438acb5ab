package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Takes whole slices of input 0 along an axis by the indices of input 1, whose axes replace that axis. A negative index
 * counts from the end. ONNX Gather, opset 13.
 */
public record Gather(long axis) implements Op {
    static final OpType TYPE = OpType.onnx("Gather", 1, 13, 2, a -> new Gather(a.integer("axis", 0)));

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
        Extents.requireIndexType("indices", inputs.get(1));
        return Op.super.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        long[] x = in.shape(0).dims();
        int along = Extents.axis(axis, x.length);
        LongStream before = Arrays.stream(x, 0, along);
        LongStream after = Arrays.stream(x, along + 1, x.length);
        LongStream chosen = Arrays.stream(in.shape(1).dims());
        return List.of(Extents.shape(
                LongStream.concat(LongStream.concat(before, chosen), after).toArray()));
    }
}
