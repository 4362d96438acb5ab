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
 * Takes slices of input 0 addressed by the innermost vectors of input 1. ONNX GatherND, opset 13.
 *
 * @param batchDims leading axes that both inputs share
 */
public record GatherNd(long batchDims) implements Op {
    static final OpType TYPE = OpType.onnx("GatherND", 11, 13, 2, a -> new GatherNd(a.integer("batch_dims", 0)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("batch_dims", batchDims).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Extents.requireIndexType("indices", inputs.get(1));
        return Op.super.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape data = in.shape(0);
        Shape indices = in.shape(1);
        int shared = Math.toIntExact(Math.clamp(batchDims, -1, Integer.MAX_VALUE));
        if (shared < 0 || data.rank() == 0 || shared >= Math.min(data.rank(), indices.rank())) {
            throw ModelException.invalid("batch_dims " + batchDims + " does not fit " + data + " and " + indices);
        }
        long depth = indices.dim(-1);
        if (depth > data.rank() - shared || !Arrays.equals(leading(data, shared), leading(indices, shared))) {
            throw ModelException.invalid("indices " + indices + " do not address " + data);
        }
        return List.of(Extents.shape(LongStream.concat(
                        Arrays.stream(leading(indices, indices.rank() - 1)),
                        Arrays.stream(data.dims()).skip(shared + depth))
                .toArray()));
    }

    private static long[] leading(Shape shape, int axes) {
        return Arrays.copyOf(shape.dims(), axes);
    }
}
