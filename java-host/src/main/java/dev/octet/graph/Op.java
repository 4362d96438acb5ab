package dev.octet.graph;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** An operator with its attributes; implemented by records of package {@code graph.op}. Immutable. */
public interface Op {
    OpType type();

    /** The attributes in ONNX's names, none by default; {@code type().read()} of them gives an equal operator. */
    default Attributes attributes() {
        return Attributes.NONE;
    }

    /**
     * Element types of the outputs. The default gives every output the type of input 0.
     *
     * @param inputs one entry an input, empty where an optional input is absent
     * @param outputCount number of outputs wanted
     */
    default List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        if (inputs.isEmpty() || inputs.get(0).isEmpty()) {
            throw ModelException.invalid("input 0 is missing");
        }
        return Collections.nCopies(outputCount, inputs.get(0).get());
    }

    /**
     * Shapes of the outputs for concrete input shapes.
     *
     * @return {@code in.outputCount()} shapes
     * @throws DataDependentShapeException if the value of an input is needed and not known
     * @throws ModelException if the inputs do not fit the operator
     */
    List<Shape> outputShapes(OpInputs in) throws DataDependentShapeException;
}
