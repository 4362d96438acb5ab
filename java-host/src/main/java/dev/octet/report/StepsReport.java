package dev.octet.report;

import dev.octet.profile.KernelTotal;
import dev.octet.profile.Profile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long each step of a plan took over several runs.
 *
 * @param device one line: which device and why
 * @param runs how often the model ran
 * @param runNanos time of one run's steps, the mean over the runs
 * @param steps the longest first
 * @param trace the file that holds every step of every run, if one was asked for
 */
public record StepsReport(
        String model, String device, long runs, long runNanos, List<StepTime> steps, Optional<String> trace)
        implements RunReport {
    public StepsReport {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param precision of its operands, or a dash
     * @param share of the time of all steps, from 0 to 1
     * @param gigaMacsPerSecond multiply-accumulates a second at the median; empty for steps that multiply nothing
     */
    public record StepTime(
            String node,
            String kernel,
            String unit,
            String precision,
            long medianNanos,
            double share,
            Optional<Double> gigaMacsPerSecond) {}

    /** What is known beside the profile. */
    public record Subject(String model, String device, long runs, Optional<String> trace) {}

    /**
     * Sums up a profile of steps.
     *
     * @param macs of the nodes that multiply, by name
     */
    public static StepsReport of(Subject subject, Profile profile, Map<String, Long> macs) {
        long total = profile.totalNanos();
        return new StepsReport(
                subject.model,
                subject.device,
                subject.runs,
                total / subject.runs,
                profile.kernels().stream().map(step -> time(step, total, macs)).toList(),
                subject.trace);
    }

    private static StepTime time(KernelTotal step, long total, Map<String, Long> macs) {
        String node = step.range().orElse("");
        long median = step.durations().medianNanos();
        long count = macs.getOrDefault(node, 0L);
        return new StepTime(
                node,
                step.name(),
                step.kernelClass().unit().name(),
                step.kernelClass().precisionText(),
                median,
                total == 0 ? 0 : (double) step.durations().totalNanos() / total,
                count == 0 || median == 0 ? Optional.empty() : Optional.of((double) count / median));
    }
}
