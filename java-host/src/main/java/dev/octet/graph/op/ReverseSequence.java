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

/**
 * Reverses the first steps of each sequence of a batch; input 1 says how many. ONNX ReverseSequence, opset 10.
 *
 * @param batchAxis 0 or 1
 * @param timeAxis the other of the two
 */
public record ReverseSequence(long batchAxis, long timeAxis) implements Op {
    static final OpType TYPE = OpType.onnx(
            "ReverseSequence",
            10,
            10,
            2,
            a -> new ReverseSequence(a.integer("batch_axis", 1), a.integer("time_axis", 0)));

    public ReverseSequence {
        if (Math.min(batchAxis, timeAxis) != 0 || Math.max(batchAxis, timeAxis) != 1) {
            throw ModelException.invalid(
                    "batch_axis " + batchAxis + " and time_axis " + timeAxis + " must be 0 and 1, or 1 and 0");
        }
    }

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder()
                .put("batch_axis", batchAxis)
                .put("time_axis", timeAxis)
                .build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Extents.requireIndexType("sequence_lens", inputs.get(1));
        return Op.super.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        Shape x = in.shape(0);
        if (x.rank() < 2 || in.shape(1).rank() != 1 || in.shape(1).dim(0) != x.dim((int) batchAxis)) {
            throw ModelException.invalid("sequence_lens " + in.shape(1) + " does not fit " + x);
        }
        return List.of(x);
    }
}
