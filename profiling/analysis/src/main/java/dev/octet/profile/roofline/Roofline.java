package dev.octet.profile.roofline;

import dev.octet.profile.peak.Gpu;
import dev.octet.profile.peak.Peak;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.peak.PeakUnit;
import java.util.Optional;

/**
 * The roofs of a GPU in one precision.
 *
 * @param bandwidthGBs of its memory
 * @param cudaCores the lower roof, which holds for layers that tensor cores cannot do
 * @param tensorCores the upper roof, dense; empty where the GPU has no such unit
 */
public record Roofline(double bandwidthGBs, Peak cudaCores, Optional<Peak> tensorCores) {
    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;

    /** The roofs of a GPU. CUDA cores run fp16 and narrower floats at the rate of fp32 here. */
    public static Roofline of(Gpu gpu, PeakPrecision precision) {
        Peak cudaCores = gpu.peak(PeakUnit.CUDA_CORE, precision)
                .or(() -> gpu.peak(PeakUnit.CUDA_CORE, PeakPrecision.FP32))
                .orElseThrow();
        return new Roofline(gpu.bandwidthGBs(), cudaCores, gpu.peak(PeakUnit.TENSOR_CORE, precision));
    }

    /** The compute roof over a layer. */
    public Peak peak(LayerCost layer) {
        return layer.matrix() ? tensorCores.orElse(cudaCores) : cudaCores;
    }

    /** Operations a byte from which on a peak, not the memory, is the bound. */
    public double ridgePoint(Peak peak) {
        return peak.tops() * TERA / (bandwidthGBs * GIGA);
    }

    /** The least time a layer can take, from the slower of computing and moving; launches cost more. */
    public double attainableSeconds(LayerCost layer) {
        return Math.max(computeSeconds(layer), memorySeconds(layer));
    }

    /** Tera operations a second that a layer can reach. */
    public double attainableTops(LayerCost layer) {
        return Math.min(peak(layer).tops(), layer.intensity() * bandwidthGBs * GIGA / TERA);
    }

    public Bound bound(LayerCost layer) {
        if (layer.bytes() == 0) {
            return Bound.NONE;
        }
        return computeSeconds(layer) > memorySeconds(layer) ? Bound.COMPUTE : Bound.MEMORY;
    }

    private double computeSeconds(LayerCost layer) {
        return layer.operations() / (peak(layer).tops() * TERA);
    }

    private double memorySeconds(LayerCost layer) {
        return layer.bytes() / (bandwidthGBs * GIGA);
    }
}
