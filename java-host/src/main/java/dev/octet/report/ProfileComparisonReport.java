package dev.octet.report;

import dev.octet.profile.verdict.Comparison;
import dev.octet.profile.verdict.NodePair;
import dev.octet.profile.verdict.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Two profiles of one model side by side, times of one run.
 *
 * @param speedup time before over time after
 * @param nodes the longest after first
 * @param verdicts why the later run is not faster, the greatest possible gain first
 */
public record ProfileComparisonReport(
        String before,
        String after,
        long beforeNanos,
        long afterNanos,
        double speedup,
        List<NodeTimes> nodes,
        List<Finding> verdicts)
        implements RunReport {
    public ProfileComparisonReport {
        nodes = List.copyOf(nodes);
        verdicts = List.copyOf(verdicts);
    }

    /**
     * One node, or nodes that one of the runs fused.
     *
     * @param kernel that takes longest after; empty if none runs
     * @param unit of that kernel
     */
    public record NodeTimes(
            Optional<String> node,
            long beforeNanos,
            long afterNanos,
            int beforeKernels,
            int afterKernels,
            Optional<String> kernel,
            Optional<String> unit) {}

    /**
     * A cause of lost time.
     *
     * @param gainNanos the most that the fix can save in one run, where the profile tells
     */
    public record Finding(
            String cause, String title, Optional<String> node, String evidence, String fix, Optional<Long> gainNanos) {}

    public static ProfileComparisonReport of(String before, String after, Comparison comparison) {
        long beforeNanos =
                comparison.before().profile().totalNanos() / comparison.before().runs();
        long afterNanos =
                comparison.after().profile().totalNanos() / comparison.after().runs();
        return new ProfileComparisonReport(
                before,
                after,
                beforeNanos,
                afterNanos,
                afterNanos == 0 ? 0 : (double) beforeNanos / afterNanos,
                comparison.nodes().stream().map(ProfileComparisonReport::times).toList(),
                comparison.verdicts().stream()
                        .map(ProfileComparisonReport::finding)
                        .toList());
    }

    private static NodeTimes times(NodePair pair) {
        return new NodeTimes(
                pair.name(),
                pair.before().nanos(),
                pair.after().nanos(),
                pair.before().kernels().size(),
                pair.after().kernels().size(),
                pair.after().kernels().stream().findFirst().map(kernel -> kernel.name()),
                pair.after().kernels().stream()
                        .findFirst()
                        .map(kernel -> kernel.kernelClass().unit().name()));
    }

    private static Finding finding(Verdict verdict) {
        return new Finding(
                verdict.cause().name().toLowerCase(Locale.ROOT),
                verdict.cause().title(),
                verdict.node(),
                verdict.evidence(),
                verdict.fix(),
                verdict.gainNanos().isPresent()
                        ? Optional.of(verdict.gainNanos().getAsLong())
                        : Optional.empty());
    }
}
