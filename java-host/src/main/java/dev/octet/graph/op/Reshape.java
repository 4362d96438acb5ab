package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.ModelException;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The same elements under another shape (input 1). ONNX Reshape, opset 14.
 *
 * @param allowZero an extent 0 means 0; otherwise it means the input's extent of that axis
 */
public record Reshape(boolean allowZero) implements Op {
    static final OpType TYPE = OpType.onnx("Reshape", 1, 14, 2, a -> new Reshape(a.flag("allowzero", false)));

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public Attributes attributes() {
        return Attributes.builder().put("allowzero", allowZero).build();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException {
        return List.of(resolve(in.shape(0), in.longs(1)));
    }

    private Shape resolve(Shape input, long[] target) {
        long[] dims = target.clone();
        int inferred = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0 && !allowZero) {
                if (i >= input.rank()) {
                    throw ModelException.invalid(
                            "shape " + Arrays.toString(target) + " copies axis " + i + " which " + input + " lacks");
                }
                dims[i] = input.dim(i);
            } else if (dims[i] == -1) {
                if (inferred >= 0) {
                    throw ModelException.invalid("shape " + Arrays.toString(target) + " has more than one -1");
                }
                inferred = i;
                dims[i] = 1;
            }
        }
        long known = Extents.shape(dims).elementCount();
        if (inferred >= 0 && known > 0 && input.elementCount() % known == 0) {
            dims[inferred] = input.elementCount() / known;
        } else if (inferred >= 0 || known != input.elementCount()) {
            throw ModelException.invalid("cannot reshape " + input + " with " + input.elementCount() + " elements to "
                    + Arrays.toString(target) + (inferred >= 0 ? "" : " with " + known));
        }
        return Extents.shape(dims);
    }
}
