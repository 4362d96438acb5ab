package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.quant.Bias;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * A constant bias in units of the accumulator.
 *
 * @param values s32, one an output channel
 */
record IntegerBias(Tensor values) {
    /**
     * The bias of a value: an int32 constant behind a DequantizeLinear as it is, if its scale is that of the accumulator;
     * any other constant divided by that scale, rounded half to even.
     *
     * @param factor by which the operator multiplies its bias
     * @param scales {@code inputScale * weightScale}, one or one a channel
     * @return empty if the value is not constant, is not one number a channel, or does not fit int32
     */
    static Optional<IntegerBias> of(Graph graph, String value, float factor, float[] scales, int channels) {
        Optional<Qdq.Dequantized> source = Qdq.source(graph, value);
        Optional<Tensor> integers = source.flatMap(s -> graph.constant(s.value()));
        if (integers.isPresent() && factor == 1 && isAccumulator(source.get(), integers.get(), scales, channels)) {
            return Optional.of(new IntegerBias(integers.get().reshape(Shape.of(channels))));
        }
        Optional<Tensor> real = integers.isPresent()
                ? Optional.of(Quantizer.dequantize(integers.get(), source.get().params()))
                : graph.constant(value).filter(tensor -> tensor.dtype() == DType.F32);
        return real.flatMap(tensor -> perChannel(tensor, channels)).flatMap(bias -> quantize(bias, factor, scales));
    }

    private static boolean isAccumulator(Qdq.Dequantized source, Tensor integers, float[] scales, int channels) {
        if (integers.dtype() != DType.S32 || integers.elementCount() != channels) {
            return false;
        }
        return switch (source.params()) {
            case QuantParams.PerTensor(DType _, float scale, int zeroPoint) ->
                zeroPoint == 0 && scales.length == 1 && scale == scales[0];
            case QuantParams.PerAxis axis ->
                Arrays.equals(axis.scales(), scales)
                        && Arrays.stream(axis.zeroPoints()).allMatch(z -> z == 0);
            case QuantParams.PerBlock _ -> false;
        };
    }

    private static Optional<float[]> perChannel(Tensor tensor, int channels) {
        float[] values = tensor.toFloats();
        if (values.length == channels
                && (tensor.shape().rank() == 0 || tensor.shape().dim(-1) == channels)) {
            return Optional.of(values);
        }
        if (values.length != 1) {
            return Optional.empty();
        }
        float[] repeated = new float[channels];
        Arrays.fill(repeated, values[0]);
        return Optional.of(repeated);
    }

    private static Optional<IntegerBias> quantize(float[] bias, float factor, float[] scales) {
        float[] unitScale = {1};
        float[] scaled = new float[bias.length];
        int[] result = new int[bias.length];
        for (int c = 0; c < bias.length; c++) {
            float scale = scales[scales.length == 1 ? 0 : c];
            scaled[c] = bias[c] * factor;
            boolean fits = scale > 0 && Math.abs((double) scaled[c] / scale) < Integer.MAX_VALUE;
            if (!fits) {
                return Optional.empty();
            }
            result[c] = Bias.quantize(new float[] {scaled[c]}, scale, unitScale)[0];
        }
        return Optional.of(new IntegerBias(Tensor.ofInts(Shape.of(bias.length), result)));
    }

    /** Whether no accumulator can leave int32: bounds of the products plus the bias. */
    static boolean fits(long[] bounds, Optional<IntegerBias> bias) {
        for (int c = 0; c < bounds.length; c++) {
            long offset = bias.isPresent() ? Math.abs(bias.get().values().getLong(c)) : 0;
            if (bounds[c] + offset > Integer.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }
}
