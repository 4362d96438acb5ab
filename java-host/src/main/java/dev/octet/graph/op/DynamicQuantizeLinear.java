package dev.octet.graph.op;

import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Quantizes f32 to u8 over its own range widened to hold zero. Outputs: u8 of the input's shape, scale f32, zero point
 * u8. ONNX DynamicQuantizeLinear, opset 11.
 */
public record DynamicQuantizeLinear() implements Op {
    static final OpType TYPE = OpType.onnx("DynamicQuantizeLinear", 11, 11, 1, _ -> new DynamicQuantizeLinear())
            .outputs(3, 3);

    @Override
    public OpType type() {
        return TYPE;
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(DType.U8, DType.F32, DType.U8).subList(0, outputCount);
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        return List.of(in.shape(0), Shape.SCALAR, Shape.SCALAR).subList(0, in.outputCount());
    }
}
