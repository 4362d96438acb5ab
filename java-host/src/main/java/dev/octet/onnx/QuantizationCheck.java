package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;

/** Refuses constant scales and zero points that no quantizer writes and no integer kernel can use. */
final class QuantizationCheck {
    private static final int SCALE = 1;
    private static final int ZERO_POINT = 2;

    private QuantizationCheck() {}

    /**
     * Checks a node; those that do not quantize pass.
     *
     * @param constant gives the value of a constant, or nothing
     * @throws ModelException if a scale is not positive and finite, or a zero point of int32 is not 0
     */
    static void require(Node node, Function<String, Optional<Tensor>> constant) {
        if (node.op() instanceof QuantizeLinear || node.op() instanceof DequantizeLinear) {
            constant.apply(node.input(SCALE)).ifPresent(scale -> requirePositive(node.input(SCALE), scale));
            constant.apply(node.input(ZERO_POINT))
                    .filter(zeroPoint -> zeroPoint.dtype() == DType.S32)
                    .ifPresent(zeroPoint -> requireZero(node.input(ZERO_POINT), zeroPoint));
        }
    }

    /** Checks that quantized values and their zero point have one type. */
    static void requireSameType(Node node, Function<String, Optional<DType>> dtype) {
        if (!(node.op() instanceof DequantizeLinear) || !node.hasInput(ZERO_POINT)) {
            return;
        }
        DType values = dtype.apply(node.input(0)).orElseThrow();
        DType zeroPoint = dtype.apply(node.input(ZERO_POINT)).orElseThrow();
        if (values != zeroPoint) {
            throw ModelException.invalid(
                    "zero_point type " + zeroPoint.label() + " differs from the data's type " + values.label());
        }
    }

    private static void requirePositive(String name, Tensor scale) {
        for (long i = 0; i < scale.elementCount(); i++) {
            double value = scale.getDouble(i);
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw ModelException.invalid("scale " + Names.escape(name) + " = " + value
                        + (scale.elementCount() == 1 ? "" : " at index " + i) + ", must be positive and finite");
            }
        }
    }

    private static void requireZero(String name, Tensor zeroPoint) {
        for (long i = 0; i < zeroPoint.elementCount(); i++) {
            if (zeroPoint.getLong(i) != 0) {
                throw ModelException.invalid("zero_point " + Names.escape(name) + " = " + zeroPoint.getLong(i)
                        + ", int32 values allow only 0");
            }
        }
    }
}
