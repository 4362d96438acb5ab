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
 * A matrix of the input's shape with ones on a diagonal and zeros elsewhere. ONNX EyeLike, opset 9.
 *
 * @param dtype of the output; the input's if empty
 * @param k column of the diagonal in the first row
 */
public record EyeLike(Optional<DType> dtype, long k) implements Op {
    static final OpType TYPE =
            OpType.onnx("EyeLike", 9, 9, 1, a -> new EyeLike(TypeCodes.read(a, "dtype"), a.integer("k", 0)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder().put("k", k);
        dtype.ifPresent(type -> builder.put("dtype", TypeCodes.code(type)));
        return builder.build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return dtype.isPresent() ? List.of(dtype.get()) : Op.super.outputDTypes(inputs, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        if (in.shape(0).rank() != 2) {
            throw ModelException.invalid("input " + in.shape(0) + " must be a matrix");
        }
        return List.of(in.shape(0));
    }
}
