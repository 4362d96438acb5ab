package dev.octet.quant;

/**
 * Biases as int32 in units of the accumulator: scale {@code inputScale * weightScale}, zero point 0. The arithmetic is
 * that of ONNX Runtime's quantizer (1.30).
 *
 * <p>A weight channel that is tiny next to its bias would need more than int32 holds; then the weight's scale is raised
 * first, which costs precision of weights that hardly matter instead of clipping the bias.
 */
public final class Bias {
    /** Keeps the rounded bias clear of the limits of int32; ONNX Runtime's value. */
    private static final double MARGIN = 1.0001;

    private static final double INT32_STEPS = (double) Integer.MAX_VALUE - (Integer.MIN_VALUE + 1);

    private Bias() {}

    /** The scale of a bias in fp32, as stored in a file: {@code inputScale * weightScale}. */
    public static float scale(float inputScale, float weightScale) {
        return inputScale * weightScale;
    }

    /**
     * The weight scales with which every bias fits int32.
     *
     * @param weightScales one, or one for each bias; read only
     * @return a copy, raised where {@code inputScale * weightScale} was below {@code 1.0001 * 2|bias| / (2^32 - 2)}
     */
    public static float[] weightScalesFor(float inputScale, float[] weightScales, float[] bias) {
        requireMatching(weightScales, bias);
        float[] result = weightScales.clone();
        for (int i = 0; i < result.length; i++) {
            double biasMax = result.length == bias.length ? Math.abs(bias[i]) : maxAbs(bias);
            double smallest = MARGIN * (2.0 * biasMax) / INT32_STEPS;
            double candidate = (double) inputScale * weightScales[i];
            if (candidate < smallest && candidate > 0) {
                result[i] = (float) (weightScales[i] * (smallest / candidate));
            }
        }
        return result;
    }

    /**
     * Biases in steps of {@link #scale}: divided and rounded (half to even) in fp64, saturated to int32.
     *
     * @param weightScales one, or one for each bias
     */
    public static int[] quantize(float[] bias, float inputScale, float[] weightScales) {
        requireMatching(weightScales, bias);
        int[] result = new int[bias.length];
        for (int i = 0; i < bias.length; i++) {
            float scale = scale(inputScale, weightScales[weightScales.length == 1 ? 0 : i]);
            if (!(scale > 0)) {
                throw new IllegalArgumentException("bias scale " + inputScale + " * "
                        + weightScales[weightScales.length == 1 ? 0 : i] + " underflows");
            }
            result[i] = (int) Math.rint((double) bias[i] / scale);
        }
        return result;
    }

    private static double maxAbs(float[] values) {
        double max = 0;
        for (float value : values) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }

    private static void requireMatching(float[] weightScales, float[] bias) {
        if (weightScales.length != 1 && weightScales.length != bias.length) {
            throw new IllegalArgumentException(weightScales.length + " weight scales for " + bias.length + " biases");
        }
    }
}
