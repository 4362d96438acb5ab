package dev.octet.report;

import java.util.List;
import java.util.Optional;

/**
 * How fast each layer of a model can run on a device at most. Activations, normalizations and sums behind a convolution
 * or product are part of its layer; a layer reads its inputs from and writes its outputs to memory.
 *
 * @param precision of values and weights
 * @param roofs the compute roofs, the lower first
 * @param parameters constant numbers the model holds
 * @param attainableSeconds the sum over all layers
 */
public record RooflineReport(
        String model,
        String device,
        String precision,
        long batch,
        double bandwidthGBs,
        List<Roof> roofs,
        long macs,
        long parameters,
        long bytes,
        double attainableSeconds,
        List<RooflineLayer> layers)
        implements RunReport {
    public RooflineReport {
        roofs = List.copyOf(roofs);
        layers = List.copyOf(layers);
    }

    /**
     * A limit of computing.
     *
     * @param ridgePoint operations a byte from which on it, not the memory, is the bound
     */
    public record Roof(String unit, double tops, String derivation, double ridgePoint) {}

    /**
     * A layer under the roofs.
     *
     * @param fused names of the nodes that run with it
     * @param kind such as {@code conv 3x3}, {@code depthwise 3x3} or {@code fully connected}
     * @param operationalIntensity operations, two a multiply-accumulate, for each byte moved
     * @param unit the roof over it
     * @param bound which roof bounds it, as the roofline names it
     */
    public record RooflineLayer(
            String node,
            String op,
            List<String> fused,
            String kind,
            String output,
            long macs,
            long parameters,
            long bytes,
            double operationalIntensity,
            String unit,
            String bound,
            double attainableTops,
            double attainableSeconds,
            Optional<Achieved> achieved) {
        public RooflineLayer {
            fused = List.copyOf(fused);
        }

        /** The kind, with how many nodes run with it: {@code conv 3x3 +2}. */
        public String kindAndFused() {
            return fused.isEmpty() ? kind : kind + " +" + fused.size();
        }
    }

    /**
     * What a profile says about a layer, everything that ran in its name included.
     *
     * @param tops tera operations a second
     * @param share of the attainable speed, from 0 to 1; more than 1 where neighbours were fused or caches helped
     */
    public record Achieved(double seconds, double tops, double share) {}
}
