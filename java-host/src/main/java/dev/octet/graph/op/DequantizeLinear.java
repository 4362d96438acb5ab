package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.Op;
import dev.octet.graph.OpInputs;
import dev.octet.graph.OpType;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Quantized values to real ones, {@code (x - zeroPoint) * scale}: x, scale and optional zero point as in
 * {@link QuantizeLinear}. ONNX DequantizeLinear, opset 25.
 *
 * @param axis of per-axis and blocked scales; negative counts from the end
 * @param blockSize elements along the axis that share a scale; 0 without blocks
 * @param outputDType the result's type; empty for scale's
 */
public record DequantizeLinear(long axis, long blockSize, Optional<DType> outputDType) implements Op {
    static final OpType TYPE =
            OpType.onnx("DequantizeLinear", 10, 25, 2, DequantizeLinear::read).inputs(2, 3);

    public DequantizeLinear {
        QuantizeLinear.requireBlockSize(blockSize);
    }

    /** Per tensor or per axis, as opset 13 has it. */
    public static DequantizeLinear along(long axis) {
        return new DequantizeLinear(axis, 0, Optional.empty());
    }

    private static DequantizeLinear read(Attributes attributes) {
        return new DequantizeLinear(
                attributes.integer("axis", QuantizeLinear.DEFAULT_AXIS),
                attributes.integer("block_size", 0),
                TypeCodes.read(attributes, "output_dtype"));
    }

    @Override
    public OpType type() {
        int lowest = outputDType.isPresent() ? 23 : blockSize > 0 ? 21 : 13;
        return QuantizeLinear.form(TYPE, lowest);
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder().put("axis", axis);
        if (blockSize > 0) {
            builder.put("block_size", blockSize);
        }
        outputDType.ifPresent(dtype -> builder.put("output_dtype", TypeCodes.code(dtype)));
        return builder.build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        return List.of(outputDType.orElseGet(() -> inputs.get(1).orElseThrow()));
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        QuantizeLinear.requireScales(in, axis, blockSize);
        return List.of(in.shape(0));
    }
}
