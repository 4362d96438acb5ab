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
 * Real values to quantized ones: x, scale (one, one an index of {@code axis}, or one a block), optional zero point of
 * scale's shape. ONNX QuantizeLinear, opset 25.
 *
 * @param axis of per-axis and blocked scales; negative counts from the end
 * @param blockSize elements along the axis that share a scale; 0 without blocks
 * @param outputDType the type without a zero point; empty for u8
 * @param precision the type of the division {@code x / scale}; empty for scale's
 * @param saturate of 8-bit floats only: too large values become the largest one
 */
public record QuantizeLinear(
        long axis, long blockSize, Optional<DType> outputDType, Optional<DType> precision, boolean saturate)
        implements Op {
    static final OpType TYPE =
            OpType.onnx("QuantizeLinear", 10, 25, 2, QuantizeLinear::read).inputs(2, 3);

    /** The axis that ONNX assumes where a node names none. */
    public static final long DEFAULT_AXIS = 1;

    public QuantizeLinear {
        requireBlockSize(blockSize);
    }

    /** Per tensor or per axis, as opset 13 has it; the type is the zero point's. */
    public static QuantizeLinear along(long axis) {
        return new QuantizeLinear(axis, 0, Optional.empty(), Optional.empty(), true);
    }

    private static QuantizeLinear read(Attributes attributes) {
        return new QuantizeLinear(
                attributes.integer("axis", DEFAULT_AXIS),
                attributes.integer("block_size", 0),
                TypeCodes.read(attributes, "output_dtype"),
                TypeCodes.read(attributes, "precision"),
                attributes.flag("saturate", true));
    }

    static void requireBlockSize(long blockSize) {
        if (blockSize < 0) {
            throw ModelException.invalid("attribute block_size is " + blockSize + ", must not be negative");
        }
    }

    @Override
    public OpType type() {
        return form(TYPE, lowestForm());
    }

    // Written models declare no more than they use: runtimes lag behind the newest operator set.
    private int lowestForm() {
        if (precision.isPresent()) {
            return 23;
        }
        if (blockSize > 0 || outputDType.isPresent()) {
            return 21;
        }
        return saturate ? 13 : 19;
    }

    static OpType form(OpType type, int form) {
        return new OpType(
                type.domain(),
                type.name(),
                type.introduced(),
                form,
                type.minInputs(),
                type.maxInputs(),
                type.minOutputs(),
                type.maxOutputs(),
                type.read());
    }

    @Override
    public Attributes attributes() {
        Attributes.Builder builder = Attributes.builder().put("axis", axis);
        if (blockSize > 0) {
            builder.put("block_size", blockSize);
        }
        outputDType.ifPresent(dtype -> builder.put("output_dtype", TypeCodes.code(dtype)));
        precision.ifPresent(dtype -> builder.put("precision", TypeCodes.code(dtype)));
        if (!saturate) {
            builder.put("saturate", false);
        }
        return builder.build();
    }

    @Override
    public List<DType> outputDTypes(List<Optional<DType>> inputs, int outputCount) {
        Optional<DType> zeroPoint = inputs.size() > 2 ? inputs.get(2) : Optional.empty();
        if (zeroPoint.isPresent() && outputDType.isPresent() && zeroPoint.get() != outputDType.get()) {
            throw ModelException.invalid("attribute output_dtype is "
                    + outputDType.get().label() + " but the zero point has type "
                    + zeroPoint.get().label());
        }
        DType dtype = zeroPoint.or(() -> outputDType).orElse(DType.U8);
        if (!isQuantized(dtype)) {
            throw ModelException.invalid("it quantizes to " + dtype.label()
                    + ", expected an integer of up to 32 bits or a float of 8 or 4 bits");
        }
        return List.of(dtype);
    }

    private static boolean isQuantized(DType dtype) {
        return dtype.isInteger() ? dtype.bits() <= 32 : dtype.isFloat() && dtype.bits() <= 8 && dtype.isSigned();
    }

    @Override
    public List<Shape> outputShapes(OpInputs in) {
        requireScales(in, axis, blockSize);
        return List.of(in.shape(0));
    }

    /** Checks that scale (input 1) and zero point (input 2) fit the tensor (input 0). */
    static void requireScales(OpInputs in, long axis, long blockSize) {
        Shape x = in.shape(0);
        Shape scale = in.shape(1);
        if (in.has(2) && in.shape(2).elementCount() != scale.elementCount()) {
            throw ModelException.invalid("scale " + scale + " and zero point " + in.shape(2) + " differ in size");
        }
        if (blockSize == 0) {
            boolean fits = scale.elementCount() == 1 || (scale.rank() == 1 && scale.dim(0) == x.dim(x.axis(axis)));
            if (!fits) {
                throw ModelException.invalid(
                        "scale " + scale + " fits neither the whole tensor " + x + " nor its axis " + axis);
            }
            return;
        }
        int at = x.axis(axis);
        long[] blocks = x.dims();
        blocks[at] = Math.ceilDiv(blocks[at], blockSize);
        if (!scale.equals(Shape.of(blocks))) {
            throw ModelException.invalid("scale " + scale + " does not fit " + x + " in blocks of " + blockSize
                    + " along axis " + axis + ", expected " + Shape.of(blocks));
        }
    }
}
