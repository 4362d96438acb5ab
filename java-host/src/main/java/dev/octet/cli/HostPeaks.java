package dev.octet.cli;

import dev.octet.backend.cpu.CpuPeaks;
import dev.octet.profile.peak.CpuSimd;
import dev.octet.profile.peak.Peak;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.peak.PeakUnit;
import dev.octet.profile.roofline.Roofline;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What the processor this runs on can do at most: measured, and derived from its clock. */
record HostPeaks(CpuPeaks measured) {
    private static final double GIGA_TO_TERA = 1e3;

    static HostPeaks measure(int threads) {
        return new HostPeaks(CpuPeaks.measure(threads));
    }

    Peak peak(PeakPrecision precision) {
        double giga = precision == PeakPrecision.INT8 ? measured.int8Gops() : measured.fp32Gflops();
        String how = measured.instructionSet() + ", " + measured.threads() + " threads, in registers";
        return Peak.measured(PeakUnit.SIMD, precision, giga / GIGA_TO_TERA, how);
    }

    /** Every precision measured, each followed by what the clock gives where that is known. */
    List<Peak> all() {
        return List.of(PeakPrecision.INT8, PeakPrecision.FP32).stream()
                .flatMap(precision -> Stream.concat(Stream.of(peak(precision)), derived(precision).stream()))
                .toList();
    }

    private Optional<Peak> derived(PeakPrecision precision) {
        OptionalDouble clock = HostProcessor.clockGHz();
        return clock.isEmpty()
                ? Optional.empty()
                : CpuSimd.find(measured.instructionSet())
                        .map(set -> set.peak(precision, measured.threads(), clock.getAsDouble()));
    }

    /** The roofs: one for the vector units, one for the memory, both measured. */
    Roofline roofline(PeakPrecision precision) {
        return new Roofline(measured.copyGBs(), peak(precision), Optional.empty());
    }
}
