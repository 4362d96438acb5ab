package dev.octet.quant;

import dev.octet.tensor.Tensor;

/**
 * Integers and what they mean.
 *
 * @param values of type {@code params.dtype()}
 */
public record QuantizedTensor(Tensor values, QuantParams params) {
    public QuantizedTensor {
        if (values.dtype() != params.dtype()) {
            throw new IllegalArgumentException(
                    values + " does not have the type " + params.dtype().label() + " of its parameters");
        }
    }

    /** The real values, f32. */
    public Tensor dequantize() {
        return Quantizer.dequantize(values, params);
    }
}
