package dev.octet.report;

import dev.octet.profile.DeviceData;
import dev.octet.profile.DeviceTime;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import dev.octet.profile.peak.Gpus;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.peak.PeakUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a profile says about the units of the GPU.
 *
 * @param devices the GPUs, where the file tells of them
 * @param tensorShare share of the time of all kernels, copies and communication spent in tensor-core kernels, from 0 to 1
 * @param kernels the longest total first
 */
public record ProfileReport(
        String file,
        String source,
        List<DeviceUse> devices,
        long totalNanos,
        double tensorShare,
        List<UnitTime> units,
        List<KernelTime> kernels)
        implements RunReport {
    public ProfileReport {
        devices = List.copyOf(devices);
        units = List.copyOf(units);
        kernels = List.copyOf(kernels);
    }

    /**
     * One GPU and its part of the time.
     *
     * @param capability compute capability, such as {@code 8.0}; empty where the file does not tell
     * @param share of the time of all GPUs
     * @param tensorShare of its own time
     * @param peaks what its tensor cores can do at most in fp16 and int8, each with its derivation; none if that is not
     *     known
     */
    public record DeviceUse(
            String name,
            Optional<String> capability,
            long nanos,
            double share,
            double tensorShare,
            List<String> peaks) {
        public DeviceUse {
            peaks = List.copyOf(peaks);
        }
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
                devices(profile),
                total,
                share(profile.unitNanos(KernelUnit.TENSOR), total),
                Arrays.stream(KernelUnit.values())
                        .map(unit -> new UnitTime(
                                unit.name(), profile.unitNanos(unit), share(profile.unitNanos(unit), total)))
                        .toList(),
                profile.kernels().stream().map(kernel -> time(kernel, total)).toList());
    }

    private static List<DeviceUse> devices(Profile profile) {
        long all = profile.devices().stream().mapToLong(DeviceTime::totalNanos).sum();
        return profile.devices().stream().map(device -> use(device, all)).toList();
    }

    private static DeviceUse use(DeviceTime device, long all) {
        DeviceData data = device.data();
        return new DeviceUse(
                data.name(),
                Optional.of(data.architecture())
                        .filter(architecture -> architecture > 0)
                        .map(architecture -> architecture / 10 + "." + architecture % 10),
                device.totalNanos(),
                share(device.totalNanos(), all),
                share(device.tensorNanos(), device.totalNanos()),
                Gpus.of(data).stream()
                        .flatMap(gpu -> Stream.of(PeakPrecision.FP16, PeakPrecision.INT8)
                                .flatMap(precision -> gpu.peak(PeakUnit.TENSOR_CORE, precision).stream()))
                        .map(peak -> peak.precision().label() + ": " + peak.derivation())
                        .toList());
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
