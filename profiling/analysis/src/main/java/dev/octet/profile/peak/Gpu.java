package dev.octet.profile.peak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A GPU as its vendor specifies it. Tensor-core figures are stated at the boost clock, fp32 and fp64 figures at the
 * highest clock; on most GPUs these are the same.
 */
public final class Gpu {
    private final String name;
    private final GpuRates rates;
    private final int multiprocessors;
    private final double clockGHz;
    private final double maxClockGHz;
    private final double bandwidthGBs;

    Gpu(String name, GpuRates rates, int multiprocessors, double clockGHz, double bandwidthGBs) {
        this(name, rates, multiprocessors, new double[] {clockGHz, clockGHz}, bandwidthGBs);
    }

    /** With the boost clock and the highest clock apart. */
    Gpu(String name, GpuRates rates, int multiprocessors, double[] clocksGHz, double bandwidthGBs) {
        this.name = name;
        this.rates = rates;
        this.multiprocessors = multiprocessors;
        this.clockGHz = clocksGHz[0];
        this.maxClockGHz = clocksGHz[1];
        this.bandwidthGBs = bandwidthGBs;
    }

    public String name() {
        return name;
    }

    /** Compute capability, such as {@code 8.0}. */
    public String capability() {
        return rates.capability();
    }

    public int multiprocessors() {
        return multiprocessors;
    }

    /** Of its memory, as specified. */
    public double bandwidthGBs() {
        return bandwidthGBs;
    }

    /** Every unit and precision it has, CUDA cores first. */
    public List<Peak> peaks() {
        List<Peak> peaks = new ArrayList<>();
        add(peaks, PeakUnit.CUDA_CORE, PeakPrecision.FP64, rates.fp64());
        add(peaks, PeakUnit.CUDA_CORE, PeakPrecision.FP32, rates.fp32());
        add(peaks, PeakUnit.CUDA_CORE, PeakPrecision.INT8, rates.dp4a());
        addTensor(peaks, PeakUnit.TENSOR_CORE, 1);
        if (rates.sparse()) {
            addTensor(peaks, PeakUnit.TENSOR_CORE_SPARSE, 2);
        }
        return List.copyOf(peaks);
    }

    private void addTensor(List<Peak> peaks, PeakUnit unit, int factor) {
        if (unit == PeakUnit.TENSOR_CORE) {
            add(peaks, unit, PeakPrecision.FP64, rates.fp64Tensor());
        }
        add(peaks, unit, PeakPrecision.TF32, rates.tf32() * factor);
        add(peaks, unit, PeakPrecision.BF16, rates.bf16() * factor);
        add(peaks, unit, PeakPrecision.FP16, rates.fp16() * factor);
        add(peaks, unit, PeakPrecision.FP16_FP16_SUM, rates.fp16Half() * factor);
        add(peaks, unit, PeakPrecision.FP8, rates.fp8() * factor);
        add(peaks, unit, PeakPrecision.FP8_FP16_SUM, rates.fp8Half() * factor);
        add(peaks, unit, PeakPrecision.INT8, rates.int8() * factor);
    }

    private void add(List<Peak> peaks, PeakUnit unit, PeakPrecision precision, int operationsPerClock) {
        if (operationsPerClock > 0) {
            boolean atMaxClock = precision == PeakPrecision.FP64 || precision == PeakPrecision.FP32;
            double clock = atMaxClock ? maxClockGHz : clockGHz;
            peaks.add(Peak.ofGpu(unit, precision, multiprocessors, clock, operationsPerClock));
        }
    }

    /** The peak of a unit in a precision; empty if the GPU has no such unit. */
    public Optional<Peak> peak(PeakUnit unit, PeakPrecision precision) {
        return peaks().stream()
                .filter(peak -> peak.unit() == unit && peak.precision() == precision)
                .findFirst();
    }
}
