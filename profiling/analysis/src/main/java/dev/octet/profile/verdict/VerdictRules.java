package dev.octet.profile.verdict;

import java.util.List;

/** All rules, in the order in which equal gains are told. */
final class VerdictRules {
    static final List<VerdictRule> ALL = List.of(
            KernelRules::noInt8,
            KernelRules::notOnTensorCores,
            KernelRules::slowerKernel,
            AroundRules::conversions,
            AroundRules::lostFusion,
            BoundRules::memoryBound,
            BoundRules::launchBound,
            BoundRules::copies);

    private VerdictRules() {}
}
