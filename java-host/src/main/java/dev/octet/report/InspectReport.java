package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a model consists of.
 *
 * @param sizeBytes of its file
 * @param inputs name, type and shape of each
 * @param parameters how many constant numbers it holds
 * @param layers one entry a node
 */
public record InspectReport(
        String model,
        long sizeBytes,
        List<String> inputs,
        List<String> outputs,
        long parameters,
        List<LayerCost> layers)
        implements RunReport {
    public InspectReport {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        layers = List.copyOf(layers);
    }

    /**
     * A node and what running it once costs.
     *
     * @param output type and shape of its first output
     * @param precision what its numbers are, {@code int8} behind Q/DQ
     * @param parameters constant numbers it reads
     * @param macs multiply-accumulates; empty if its shapes are not known
     * @param bytesMoved inputs, weights and outputs, each once; empty if its shapes are not known
     */
    public record LayerCost(
            String node,
            String op,
            String output,
            String precision,
            long parameters,
            OptionalLong macs,
            OptionalLong bytesMoved) {
        /** Operations, two a multiply-accumulate, for each byte moved; 0 if unknown. */
        @JsonProperty
        public double operationalIntensity() {
            long bytes = bytesMoved.orElse(0);
            return bytes == 0 ? 0 : 2.0 * macs.orElse(0) / bytes;
        }
    }

    /** How many nodes. */
    @JsonProperty
    public int nodes() {
        return layers.size();
    }

    /** Multiply-accumulates of all layers whose shapes are known. */
    @JsonProperty
    public long macs() {
        return layers.stream().mapToLong(layer -> layer.macs().orElse(0)).sum();
    }
}
