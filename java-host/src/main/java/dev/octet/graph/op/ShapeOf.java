package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.graph.ShapeOnly;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The extents of its input as int64[to - from]. ONNX Shape, opset 15.
 *
 * @param start first axis taken; negative counts from the end, clamped to the rank
 * @param end axis after the last one, clamped likewise; {@link Long#MAX_VALUE} for all
 */
public record ShapeOf(long start, long end) implements ShapeOnly {
    static final OpType TYPE =
            OpType.onnx("Shape", 1, 15, 1, a -> new ShapeOf(a.integer("start", 0), a.integer("end", Long.MAX_VALUE)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder().put("start", start);
        return (end == Long.MAX_VALUE ? builder : builder.put("end", end)).build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return Collections.nCopies(outputCount, DType.S64);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(fromShapes(List.of(in.shape(0))).shape());
    }

    @Override
    public Tensor fromShapes(List<Shape> inputs) {
        long[] dims = inputs.get(0).dims();
        int from = clamp(start, dims.length);
        return Tensor.vector(Arrays.copyOfRange(dims, from, Math.max(from, clamp(end, dims.length))));
    }

    private static int clamp(long axis, int rank) {
        return (int) Math.clamp(axis < 0 ? axis + rank : axis, 0L, rank);
    }
}
