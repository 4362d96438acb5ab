package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a tensor along an axis, into the extents of input 1 or else into equal parts. ONNX Split, opset 18.
 *
 * @param numOutputs the number of parts, the last one smaller if the extent does not divide; 0 if not given, then the
 *     number of outputs
 */
public record Split(long axis, long numOutputs) implements Op {
    static final OpType TYPE = OpType.onnx(
                    "Split", 1, 18, 1, a -> new Split(a.integer("axis", 0), a.integer("num_outputs", 0)))
            .inputs(1, 2)
            .outputs(1, OpType.ANY);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder().put("axis", axis);
        return (numOutputs == 0 ? builder : builder.put("num_outputs", numOutputs)).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        Shape x = in.shape(0);
        int along = Extents.axis(axis, x.rank());
        long[] sizes =
                in.has(1) ? given(in.longs(1), x.dim(along), in.outputCount()) : equal(x.dim(along), in.outputCount());
        List<Shape> shapes = new ArrayList<>(sizes.length);
        for (long size : sizes) {
            long[] dims = x.dims();
            dims[along] = size;
            shapes.add(Extents.shape(dims));
        }
        return shapes;
    }

    private static long[] given(long[] sizes, long extent, int outputCount) {
        Extents.requireLength("split", sizes, outputCount);
        long total = 0;
        for (long size : sizes) {
            if (size < 0) {
                throw ModelException.invalid("split " + Arrays.toString(sizes) + " has a negative size");
            }
            total = Extents.add("split", total, size);
        }
        if (total != extent) {
            throw ModelException.invalid(
                    "split " + Arrays.toString(sizes) + " sums to " + total + " but the axis has " + extent);
        }
        return sizes;
    }

    private long[] equal(long extent, int outputCount) {
        if (numOutputs != 0 && numOutputs != outputCount) {
            throw ModelException.invalid("num_outputs is " + numOutputs + " but the node has " + outputCount);
        }
        long[] sizes = new long[outputCount];
        long chunk = Math.ceilDiv(extent, outputCount);
        Arrays.fill(sizes, chunk);
        sizes[outputCount - 1] = extent - chunk * (outputCount - 1);
        if (sizes[outputCount - 1] < 0) {
            throw ModelException.invalid("cannot split extent " + extent + " into " + outputCount + " parts");
        }
        return sizes;
    }
}
