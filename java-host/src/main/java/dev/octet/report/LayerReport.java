package dev.octet.report;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One node of the model under the name it has there.
 *
 * @param precision what it runs in
 * @param reason why it is not INT8; empty if it is
 * @param sqnrDb signal to quantization noise of its output against the float model; infinite if equal in every bit
 * @param macs multiply-accumulates of one sample
 * @param output how its output is quantized
 * @param weights how its weights are quantized
 */
public record LayerReport(
        String node,
        String op,
        LayerPrecision precision,
        Optional<String> reason,
        OptionalDouble sqnrDb,
        OptionalLong macs,
        Optional<OutputQuantization> output,
        Optional<WeightQuantization> weights) {
    public LayerReport {
        if (precision != LayerPrecision.INT8 && reason.isEmpty()) {
            throw new IllegalArgumentException("node " + node + " is " + precision.label() + " without a reason");
        }
    }

    /**
     * The range and grid of an activation.
     *
     * @param tensor its name in the model
     * @param amin lower end of the range it is quantized over
     * @param amax upper end of that range
     * @param dtype the integer type, such as {@code s8}
     */
    public record OutputQuantization(String tensor, float amin, float amax, float scale, int zeroPoint, String dtype) {}

    /**
     * The grid of a weight.
     *
     * @param granularity {@code per-tensor}, {@code per-axis} or {@code per-block}
     * @param scales how many scales there are
     */
    public record WeightQuantization(String granularity, int scales, float minScale, float maxScale) {}

    /** A layer that runs in INT8, nothing else known yet. */
    public static LayerReport int8(String node, String op) {
        return new LayerReport(
                node,
                op,
                LayerPrecision.INT8,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A layer that runs wider than INT8, nothing else known yet. */
    public static LayerReport wider(String node, String op, LayerPrecision precision, String reason) {
        return new LayerReport(
                node,
                op,
                precision,
                Optional.of(reason),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public LayerReport withSqnrDb(double value) {
        return new LayerReport(node, op, precision, reason, OptionalDouble.of(value), macs, output, weights);
    }

    public LayerReport withMacs(long value) {
        return new LayerReport(node, op, precision, reason, sqnrDb, OptionalLong.of(value), output, weights);
    }

    public LayerReport withOutput(OutputQuantization value) {
        return new LayerReport(node, op, precision, reason, sqnrDb, macs, Optional.of(value), weights);
    }

    public LayerReport withWeights(WeightQuantization value) {
        return new LayerReport(node, op, precision, reason, sqnrDb, macs, output, Optional.of(value));
    }
}
