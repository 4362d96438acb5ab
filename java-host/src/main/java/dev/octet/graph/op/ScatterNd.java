package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
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
 * Writes slices: a copy of data with the slices of updates put where the innermost vectors of indices say. Inputs: data,
 * indices, updates. Updates apply in row-major order. ONNX ScatterND, opset 18.
 */
public record ScatterNd(ScatterReduction reduction) implements Op {
    static final OpType TYPE = OpType.onnx("ScatterND", 11, 18, 3, a -> new ScatterNd(ScatterReduction.read(a)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("reduction", reduction.attribute()).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Extents.requireIndexType("indices", inputs.get(1));
        List<DType> result = Op.super.outputDTypes(inputs, outputCount);
        Extents.requireSameType("updates", inputs.get(2), result.get(0));
        return result;
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape data = in.shape(0);
        Shape indices = in.shape(1);
        if (data.rank() == 0 || indices.rank() == 0 || indices.dim(-1) > data.rank()) {
            throw ModelException.invalid("indices " + indices + " do not address " + data);
        }
        long[] expected = LongStream.concat(
                        Arrays.stream(indices.dims()).limit(indices.rank() - 1L),
                        Arrays.stream(data.dims()).skip(indices.dim(-1)))
                .toArray();
        if (!Arrays.equals(expected, in.shape(2).dims())) {
            throw ModelException.invalid(
                    "updates " + in.shape(2) + " do not have the shape " + Arrays.toString(expected));
        }
        return List.of(data);
    }
}
