package dev.octet.report;

import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a profile says about the units of the GPU.
 *
 * @param gpu its name, where the file tells
 * @param tensorShare share of the time of all kernels, copies and communication spent in tensor-core kernels, from 0 to 1
 * @param kernels the longest total first
 */
public record ProfileReport(
        String file,
        String source,
        Optional<String> gpu,
        long totalNanos,
        double tensorShare,
        List<UnitTime> units,
        List<KernelTime> kernels)
        implements RunReport {
    public ProfileReport {
        units = List.copyOf(units);
        kernels = List.copyOf(kernels);
    }

    /** The time of one unit and its share of the whole. */
    public record UnitTime(String unit, long nanos, double share) {}

    /**
     * One kernel within one range.
     *
     * @param range the NVTX range, operator or node around it
     * @param evidence {@code name} or {@code counter}: what the unit was concluded from
     */
    public record KernelTime(
            String name,
            Optional<String> range,
            String unit,
            String instruction,
            String precision,
            String evidence,
            String reason,
            long calls,
            long totalNanos,
            long minNanos,
            long maxNanos,
            long medianNanos,
            double share) {}

    /** The report about a file. */
    public static ProfileReport of(String file, Profile profile) {
        long total = profile.totalNanos();
        return new ProfileReport(
                file,
                profile.source().title(),
                profile.device().map(device -> device.name()),
                total,
                share(profile.unitNanos(KernelUnit.TENSOR), total),
                Arrays.stream(KernelUnit.values())
                        .map(unit -> new UnitTime(
                                unit.name(), profile.unitNanos(unit), share(profile.unitNanos(unit), total)))
                        .toList(),
                profile.kernels().stream().map(kernel -> time(kernel, total)).toList());
    }

    private static KernelTime time(KernelTotal kernel, long total) {
        KernelTotal.Durations durations = kernel.durations();
        return new KernelTime(
                kernel.name(),
                kernel.range(),
                kernel.kernelClass().unit().name(),
                kernel.kernelClass().instructionText(),
                kernel.kernelClass().precisionText(),
                kernel.kernelClass().evidence().name().toLowerCase(Locale.ROOT),
                kernel.kernelClass().reason(),
                durations.calls(),
                durations.totalNanos(),
                durations.minNanos(),
                durations.maxNanos(),
                durations.medianNanos(),
                share(durations.totalNanos(), total));
    }

    private static double share(long part, long total) {
        return total == 0 ? 0 : (double) part / total;
    }
}
