package dev.octet.pass;

import dev.octet.quant.ActivationScheme;
import dev.octet.quant.Weights;
import java.util.Map;

/**
 * What to quantize and how.
 *
 * @param declared precisions that the user asked for, by node name; other nodes follow the placement rules
 * @param averagePools quantize the input of an average pooling whose result is quantized; else only where that input is
 *     quantized for another reason
 * @param dedicatedPairs a QuantizeLinear and DequantizeLinear of its own for each consumer of a value, instead of one
 *     pair for all
 */
public record QuantizationOptions(
        ActivationScheme activations,
        WeightGranularity weights,
        Weights.Method weightMethod,
        Map<String, Precision> declared,
        boolean averagePools,
        boolean dedicatedPairs) {
    /** Sign-aware activations, weights per channel over their whole range, average pools too, precision by the rules. */
    public static final QuantizationOptions DEFAULT = new QuantizationOptions(
            ActivationScheme.SIGN_AWARE, new WeightGranularity.PerChannel(), Weights.Method.MAX, Map.of(), true, false);

    public QuantizationOptions {
        declared = Map.copyOf(declared);
    }

    /**
     * Whether biases become int32 constants behind a DequantizeLinear. They stay float beside symmetric activations,
     * which is what TensorRT takes: it refuses to dequantize int32.
     */
    boolean integerBiases() {
        return activations != ActivationScheme.SYMMETRIC;
    }

    public QuantizationOptions withActivations(ActivationScheme scheme) {
        return new QuantizationOptions(scheme, weights, weightMethod, declared, averagePools, dedicatedPairs);
    }

    public QuantizationOptions withWeights(WeightGranularity granularity, Weights.Method method) {
        return new QuantizationOptions(activations, granularity, method, declared, averagePools, dedicatedPairs);
    }

    public QuantizationOptions withDeclared(Map<String, Precision> precisions) {
        return new QuantizationOptions(activations, weights, weightMethod, precisions, averagePools, dedicatedPairs);
    }

    public QuantizationOptions withAveragePools(boolean quantized) {
        return new QuantizationOptions(activations, weights, weightMethod, declared, quantized, dedicatedPairs);
    }

    public QuantizationOptions withDedicatedPairs(boolean dedicated) {
        return new QuantizationOptions(activations, weights, weightMethod, declared, averagePools, dedicated);
    }
}
